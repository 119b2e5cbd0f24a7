// Owns the page of an analysis: one HTML file that needs nothing else, neither network nor other files.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { curvesOf } from './analysis-curves.js'
import { factsHtml, lanesHtml, legendHtml, listsHtml, titleOf } from './analysis-lists.js'
import type { AnalysisPicture, Thumbnail } from './analysis-picture.js'
import { shortened } from './curve.js'
import { escapeMarkup, scriptJson } from './markup.js'
import type { PageData, PageThumbnail } from './page-data.js'
import { inlinedScript } from './page-script.js'
import { roundToMilliseconds } from './times.js'

/** Points of a curve: more than a wide screen has pixels, and about 60 kB in the page. */
const mostPoints = 3000
const stepWithoutPictures = 0.1

/** The whole page, UTF-8. Nothing in the input can add markup, and the page allows itself no request and no other script. */
export function analysisPage(input: AnalysisPicture): string {
  const data = pageData(input)
  const title = titleOf(input.source)
  const [style, script] = [asset('page.css'), inlinedScript(new URL('./page/main.js', import.meta.url))]
  return filled(asset('page.html'), {
    title: escapeMarkup(`${title} – analysis`),
    name: escapeMarkup(title),
    facts: factsHtml(input),
    picture: data.thumbnails.length === 0 ? '' : '<img id="picture" alt="">',
    lanes: lanesHtml(data),
    legend: legendHtml(data),
    start: String(data.start),
    end: String(data.end),
    lists: listsHtml(input),
    data: scriptJson(data),
    style,
    script,
    styleHash: contentHash(style),
    scriptHash: contentHash(script),
  })
}

/** What the page's script draws. */
export function pageData(input: AnalysisPicture): PageData {
  const { scenes, highlights, silences, beats = [], thumbnails, series } = input
  const { span, motion, motionTop, loudness, loudnessBottom, loudnessTop } = curvesOf(input, mostPoints)
  const { frameRate } = series
  return {
    ...span,
    keyStep: frameRate === null ? stepWithoutPictures : frameRate.den / frameRate.num,
    motion: motion === null ? null : shortened(motion),
    motionTop,
    loudness: loudness === null ? null : shortened(loudness),
    loudnessBottom,
    loudnessTop,
    scenes: scenes.map(({ start, end, kind, transition }) => ({ start, end, kind, transition })),
    highlights: highlights.map(({ start, end, rank, score }) => ({ start, end, rank, score })).sort((a, b) => a.start - b.start),
    silences: silences.map(({ start, end }) => ({ start, end })),
    beats: beats.map(roundToMilliseconds),
    gaps: series.gaps.map(({ kind, start, end }) => ({ kind, start, end })),
    thumbnails: [...thumbnails].sort((a, b) => a.timestamp - b.timestamp).map(embedded),
  }
}

function embedded({ timestamp, width, height, jpeg }: Thumbnail): PageThumbnail {
  const base64 = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString('base64')
  return { timestamp, width, height, url: `data:image/jpeg;base64,${base64}` }
}

function asset(name: string): string {
  return readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8')
}

/** As a Content-Security-Policy names a text that it allows. */
function contentHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** Puts the parts in the places that are marked with `{{name}}`. What is put in is not searched for places. */
function filled(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`The page has a place for "${name}", which nobody fills`)
    return part
  })
}
