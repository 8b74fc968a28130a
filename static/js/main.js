// Starts GOV.UK Frontend's own enhancements. Every page works without this file.

import { initAll } from '../build/govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()

// A table that has room needs no scrolling: it is no stop of the Tab key then, and no region of its own.
const names = ['role', 'tabindex', 'aria-labelledby']

for (const box of document.querySelectorAll('.app-scroll')) {
  const scrolling = names.map(name => [name, box.getAttribute(name)])
  new ResizeObserver(() => {
    const scrolls = box.scrollWidth > box.clientWidth
    for (const [name, value] of scrolling) {
      if (scrolls) box.setAttribute(name, value)
      else box.removeAttribute(name)
    }
  }).observe(box)
}
