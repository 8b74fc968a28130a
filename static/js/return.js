// While somebody types a return, asks the server how it would stand and prints the answer beside the boxes.
// Nothing is saved, and nothing is worked out here: without this file "Check these figures" does the same.

const WAIT = 350

function textOf (html) {
  return new DOMParser().parseFromString(html, 'text/html')
}

function put (into, from) {
  for (const part of from.querySelectorAll('[data-part]')) {
    const here = into.querySelector(`[data-part="${part.dataset.part}"]`)
    if (here && here.innerHTML !== part.innerHTML) here.replaceChildren(...part.childNodes)
  }
}

// One question at a time: a new one takes the place of the one still under way.
function asker (address, collect, answered) {
  let waiting = 0
  let running
  return () => {
    window.clearTimeout(waiting)
    waiting = window.setTimeout(async () => {
      running?.abort()
      running = new AbortController()
      try {
        const reply = await fetch(address, { method: 'POST', body: collect(), signal: running.signal, redirect: 'error' })
        if (reply.ok) answered(textOf(await reply.text()))
      } catch (failure) {
        if (failure.name !== 'AbortError') console.warn('The preview is not available:', failure.message)
      }
    }, WAIT)
  }
}

function watchReturn (form) {
  const said = form.querySelector('[data-said]')
  const ask = asker(form.dataset.preview, () => new FormData(form), page => {
    const focused = document.activeElement?.dataset?.method
    put(form, page)
    if (focused) form.querySelector(`[data-method="${focused}"]`)?.focus()
    const sentence = page.querySelector('[data-part="said"]')?.textContent.trim() ?? ''
    if (said.textContent !== sentence) said.textContent = sentence
  })
  form.addEventListener('input', ask)
  form.addEventListener('change', ask)
  form.addEventListener('click', event => {
    const use = event.target.closest('[data-use]')
    if (use) {
      event.preventDefault()
      form.elements.forecast.value = use.dataset.use
      if (form.elements.forecast_method) form.elements.forecast_method.value = use.dataset.method
      form.elements.forecast.focus()
      ask()
    }
  })
}

function watchRow (row) {
  const token = row.closest('form').elements.csrfmiddlewaretoken.value
  const collect = () => {
    const body = new FormData()
    for (const box of row.querySelectorAll('input[name], textarea[name]')) body.append(box.name, box.value)
    body.append('csrfmiddlewaretoken', token)
    body.append('row', row.dataset.row)
    return body
  }
  row.addEventListener('input', asker(row.dataset.preview, collect, page => put(row, page)))
}

// Asks before a page is left on which something was typed that no button has sent.
function watchLeaving (form) {
  let isTyped = false
  form.addEventListener('input', () => { isTyped = true })
  form.addEventListener('submit', () => { isTyped = false })
  window.addEventListener('beforeunload', event => { if (isTyped) event.preventDefault() })
}

document.querySelectorAll('[data-without-script]').forEach(button => button.remove())
document.querySelectorAll('form[data-preview], .app-grid-form').forEach(watchLeaving)
document.querySelectorAll('form[data-preview]').forEach(watchReturn)
document.querySelectorAll('[data-row][data-preview]').forEach(watchRow)
