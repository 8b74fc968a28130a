// Follows a job that is under way: asks for this page again and shows what changed in it. The words of its state stand in
// a live region, so that their change is read out. The page works without this file: it looks again by itself.

const EVERY = 2000
const PARTS = ['[data-job-status]', '.app-progress', '.app-summary-list']

async function look () {
  const page = document.querySelector('[data-job]')
  let fresh
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: 'text/html' } })
    if (!answer.ok || answer.redirected) return window.location.reload()
    fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-job]')
  } catch {
    return window.setTimeout(look, EVERY * 5)
  }
  if (!fresh) return window.location.reload()
  const same = PARTS.every(part => Boolean(page.querySelector(part)) === Boolean(fresh.querySelector(part)))
  if (same && fresh.dataset.job === 'open') {
    for (const part of PARTS) {
      const [old, now] = [page.querySelector(part), fresh.querySelector(part)]
      if (old && old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML
    }
  } else {
    const status = page.querySelector('[data-job-status]')
    const words = fresh.querySelector('[data-job-status]')
    if (status.innerHTML !== words.innerHTML) status.innerHTML = words.innerHTML
    for (const child of [...page.children]) if (child !== status) child.remove()
    page.append(...[...fresh.children].filter(child => child !== words))
    page.dataset.job = fresh.dataset.job
  }
  if (page.dataset.job === 'open') window.setTimeout(look, EVERY)
}

window.setTimeout(look, EVERY)
