// Draws each chart on the page with Plotly, in place of the still SVG that came with it. The SVG stays in the page:
// it is what is seen without scripts, in print, when the person saves data, and whenever anything here fails.
// It is also what a small screen keeps, where it is the clearer picture and Plotly's megabyte is not worth its while.
// Nothing is animated, so there is no motion to reduce. The table of figures beside the chart is not touched.

const roomy = window.matchMedia('(min-width: 640px)')
const LEAST_WIDTH = 440

let loading

function loadPlotly (address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error('Plotly did not start')))
    script.onerror = () => reject(new Error('Plotly did not load'))
    document.head.append(script)
  })
  return loading
}

// As many months as there is room for, each year named under its first.
function ticks (months, slots, width) {
  const every = [1, 2, 3, 4, 6, 12].find(step => (width / slots) * step >= 38) ?? months.length
  const tickvals = []
  const ticktext = []
  let named = ''
  for (let at = 0; at < months.length; at += every) {
    const [month, year] = months[at]
    tickvals.push(at)
    ticktext.push(year && year !== named ? `${month}<br>${year}` : month)
    named = year || named
  }
  return { 'xaxis.tickvals': tickvals, 'xaxis.ticktext': ticktext }
}

function fitted (chart, live) {
  const width = live.clientWidth
  const [first, last] = chart.layout.xaxis.range
  return { width, ...ticks(chart.months, last - first, Math.max(width - chart.layout.margin.r - 60, 100)) }
}

async function draw (figure) {
  const live = figure.querySelector('.app-chart__live')
  const chart = JSON.parse(document.getElementById(figure.dataset.chart).textContent)
  if (figure.clientWidth < LEAST_WIDTH) return
  const Plotly = await loadPlotly(figure.dataset.plotly)
  chart.layout.font.family = window.getComputedStyle(figure).fontFamily
  live.hidden = false
  figure.classList.add('app-chart--live')
  try {
    const size = fitted(chart, live)
    chart.layout.width = size.width
    Object.assign(chart.layout.xaxis, { tickvals: size['xaxis.tickvals'], ticktext: size['xaxis.ticktext'] })
    await Plotly.newPlot(live, chart.data, chart.layout, chart.config)
  } catch (failure) {
    live.hidden = true
    figure.classList.remove('app-chart--live')
    throw failure
  }
  keepFitting(Plotly, chart, live, chart.layout.width)
}

// From the width it was drawn for, which may no longer be the width it has.
function keepFitting (Plotly, chart, live, width) {
  let drawn = width
  new ResizeObserver(() => {
    if (live.clientWidth === drawn || live.clientWidth === 0) return
    drawn = live.clientWidth
    window.requestAnimationFrame(() => Plotly.relayout(live, fitted(chart, live)))
  }).observe(live)
}

function drawAll () {
  for (const figure of document.querySelectorAll('[data-chart]')) {
    draw(figure).catch(failure => console.warn('The chart stays a still picture:', failure.message))
  }
}

if (!navigator.connection?.saveData) {
  if (roomy.matches) drawAll()
  else roomy.addEventListener('change', drawAll, { once: true })
}
