// Single keys that reach the decisions of the review page. They can be turned off (WCAG 2.1.4), and the choice is kept
// in this browser. The page works without this file.

const KEPT = 'review-keys'
const help = document.querySelector('[data-shortcuts]')
const turn = document.querySelector('[data-shortcuts-switch]')

function kept () {
  try { return window.localStorage.getItem(KEPT) !== 'off' } catch { return true }
}

let on = kept()

function show () {
  turn.textContent = on ? 'Turn keys off' : 'Turn keys on'
  help.querySelector('p').hidden = !on
  for (const target of document.querySelectorAll('[data-shortcut]')) {
    const element = target.querySelector(':scope > summary') || target
    if (on) element.setAttribute('aria-keyshortcuts', target.dataset.shortcut)
    else element.removeAttribute('aria-keyshortcuts')
  }
}

function isTyping (target) {
  return target.closest('input, textarea, select, [contenteditable]') !== null
}

function reach (target) {
  if (target.tagName === 'A') target.click()
  else if (target.tagName === 'DETAILS') {
    target.open = true
    target.querySelector('input:not([type=hidden])').focus()
  } else target.focus()
}

if (help && turn) {
  help.hidden = false
  show()
  turn.addEventListener('click', () => {
    on = !on
    try { window.localStorage.setItem(KEPT, on ? 'on' : 'off') } catch { /* kept for this page only */ }
    show()
  })
  document.addEventListener('keydown', event => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`)
    if (!target) return
    event.preventDefault()
    reach(target)
  })
}
