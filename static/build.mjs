// Makes static/build: the compiled styles, and the few files of npm packages that pages use.
// Run by bin/demo and bin/test; by hand: npm run build

import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, '..', 'node_modules')
const build = join(here, 'build')
const fresh = join(here, `build.${process.pid}`)

// [file in node_modules, name in static/build]. Only what a page links to; never a whole package.
const assets = [
  ['govuk-frontend/dist/govuk/govuk-frontend.min.js', 'govuk-frontend.min.js'],
  ['plotly.js-basic-dist-min/plotly-basic.min.js', 'plotly-basic.min.js'],
  // Printed packs embed these; reports/printing/fonts.py names them.
  ['dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf', 'fonts/DejaVuSansCondensed.ttf'],
  ['dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf', 'fonts/DejaVuSansCondensed-Bold.ttf'],
  ['@fontsource/noto-emoji/files/noto-emoji-emoji-400-normal.woff2', 'fonts/noto-emoji-emoji-400-normal.woff2']
]

const compiled = (sheet) =>
  compile(join(here, 'scss', sheet), { loadPaths: [join(here, 'scss'), modules], style: 'compressed', quietDeps: true }).css
const sheets = { 'main.css': compiled('main.scss'), 'admin.css': compiled('admin.scss') }

// Built beside and moved in whole, so a page asked for meanwhile never meets half a build.
try {
  await mkdir(join(fresh, 'fonts'), { recursive: true })
  for (const [name, css] of Object.entries(sheets)) await writeFile(join(fresh, name), css)
  for (const [from, to] of assets) await copyFile(join(modules, from), join(fresh, to))
  await rm(build, { recursive: true, force: true })
  await rename(fresh, build)
} finally {
  await rm(fresh, { recursive: true, force: true })
}
