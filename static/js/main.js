// Starts GOV.UK Frontend's own enhancements. Every page works without this file.

import { initAll } from '../build/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
