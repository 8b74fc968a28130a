// What is wrong with the page as it stands that axe does not look for: sentences, none when all is well.
// Everything here is synchronous, so it also runs where the page's own scripts are off.
() => {
  const faults = []
  const words = text => text.replace(/\s+/g, ' ').trim()
  const shown = element => element.checkVisibility({ visibilityProperty: true })
  const say = element => `<${element.tagName.toLowerCase()} class="${element.className}"> “${words(element.textContent).slice(0, 60)}”`

  // Headings: one h1, none empty, no level skipped on the way down.
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown)
  const firsts = headings.filter(heading => heading.tagName === 'H1')
  if (firsts.length !== 1) faults.push(`${firsts.length} h1 headings`)
  const after = headings.slice(headings.indexOf(firsts[0]))
  after.forEach((heading, at) => {
    const step = at ? Number(heading.tagName[1]) - Number(after[at - 1].tagName[1]) : 0
    if (step > 1) faults.push(`a heading level is skipped before ${say(heading)}`)
  })
  for (const heading of headings) if (!words(heading.textContent)) faults.push(`an empty ${heading.tagName}`)

  // Links: words of their own, and the same words always lead to the same place.
  const targets = new Map()
  for (const link of document.querySelectorAll('main a[href]')) {
    if (!shown(link)) continue
    const name = words(link.getAttribute('aria-label') ?? link.textContent)
    if (!name) faults.push(`a link without words to ${link.getAttribute('href')}`)
    const known = targets.get(name)
    if (known !== undefined && known !== link.href) faults.push(`“${name}” leads to ${known} and to ${link.href}`)
    targets.set(name, link.href)
  }

  // Tables: a caption, and headings that say what they head.
  for (const table of document.querySelectorAll('table')) {
    if (!words(table.caption?.textContent ?? '')) faults.push(`a table without a caption: ${say(table)}`)
    for (const cell of table.querySelectorAll('th')) if (!cell.scope) faults.push(`a th without a scope: ${say(cell)}`)
  }

  const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push(`two elements have the id ${id}`)

  // Layout: nothing wider than the window, nothing cut off, nothing outside its own box.
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth - root.clientWidth} px wider than its window`)
  if (root.clientWidth >= 1000) {
    for (const box of document.querySelectorAll('.app-scroll')) {
      if (shown(box) && box.scrollWidth > box.clientWidth + 1) faults.push(`a table needs sideways scrolling: ${say(box)}`)
    }
  }
  const measured = document.createElement('canvas').getContext('2d')
  for (const select of document.querySelectorAll('select')) {
    if (!shown(select) || select.multiple || !select.selectedOptions.length) continue
    const look = getComputedStyle(select)
    measured.font = look.font
    const room = select.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight) - 16
    const chosen = words(select.selectedOptions[0].text)
    if (measured.measureText(chosen).width > room) faults.push(`a choice is cut off: “${chosen}”`)
  }

  function room (element) {
    // The nearest box that is laid out as one, and what cuts it off: {box, clips, scrolls}.
    let own = element
    while (getComputedStyle(own).display.startsWith('inline') && getComputedStyle(own).display === 'inline') own = own.parentElement
    const clips = []
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      const look = getComputedStyle(each)
      if (['auto', 'scroll'].includes(look.overflowX)) return { own, clips, scrolls: true }
      if (look.overflowX !== 'visible') clips.push(each)
    }
    return { own, clips, scrolls: false }
  }

  const unread = 'script, style, noscript, textarea, select, svg, .govuk-visually-hidden, .govuk-skip-link, .app-chart__live'
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  const found = new Set()
  while (walker.nextNode()) {
    const text = walker.currentNode
    const element = text.parentElement
    if (!words(text.data) || element.closest(unread) || !shown(element)) continue
    range.selectNodeContents(text)
    const { own, clips, scrolls } = room(element)
    const box = own.getBoundingClientRect()
    for (const rect of range.getClientRects()) {
      if (!rect.width) continue
      if (rect.right > box.right + 1.5 || rect.left < box.left - 1.5) found.add(`words outside their box: ${say(own)}`)
      for (const clip of clips) {
        const edge = clip.getBoundingClientRect()
        if (rect.right > edge.right + 1 || rect.bottom > edge.bottom + 3) found.add(`words cut off: ${say(element)}`)
      }
      if (!scrolls && (rect.right > root.clientWidth + 1 || rect.left < -1)) found.add(`words outside the window: ${say(element)}`)
    }
  }
  return faults.concat([...found])
}
