// Owns the chart of an analysis: a static SVG for documents, text as text, no script, no font or picture from elsewhere.
import { curvesOf } from './analysis-curves.js'
import type { AnalysisCurves } from './analysis-curves.js'
import { titleOf } from './analysis-lists.js'
import type { AnalysisPicture } from './analysis-picture.js'
import { multiples, roundUp, timeMark, timeStep } from './axis.js'
import { highlightsSvg, rangesSvg, scenesSvg, transitionSvg } from './chart-bands.js'
import { curveSvg, short } from './chart-curve.js'
import type { ChartScale } from './chart-curve.js'
import { escapeMarkup } from './markup.js'
import { counted } from './summary-text.js'
import { clockTime } from './times.js'

const width = 1200
const left = 76
const right = 20
const plotWidth = width - left - right
/** From the top of the drawing. */
const layout = {
  scenes: { top: 70, height: 20 },
  motion: { top: 104, height: 110 },
  loudness: { top: 232, height: 110 },
  highlights: { top: 354, height: 20 },
  silences: { top: 380, height: 8 },
  axis: 398,
  legend: 448,
  height: 466,
}
const colors = {
  ink: '#1b1f24',
  muted: '#626b76',
  line: '#e2e5e9',
  band: '#e3e8ee',
  motion: '#2f6bd8',
  loudness: '#0b8f74',
  cut: '#7c8794',
  fade: '#7a4fd0',
  dissolve: '#c93d72',
  highlight: '#c98200',
  silence: '#a3adb9',
  gap: '#f3dada',
}
const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', sans-serif"

/** An SVG document. Curves are drawn from at most one point for each unit of its width, without losing an extreme. */
export function analysisChart(input: AnalysisPicture): string {
  const curves = curvesOf(input, plotWidth)
  const { span } = curves
  const x = (time: number): number => {
    const share = (time - span.start) / (span.end - span.start)
    return left + Math.min(1, Math.max(0, share)) * plotWidth
  }
  const title = titleOf(input.source)
  const description = describe(input)
  const { scenes, motion, loudness, highlights, silences } = layout
  const gaps = (kind: 'video' | 'audio'): typeof input.series.gaps => input.series.gaps.filter((gap) => gap.kind === kind)
  const tinted = { top: scenes.top + scenes.height, height: highlights.top - scenes.top - scenes.height }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${layout.height}" viewBox="0 0 ${width} ${layout.height}"` +
      ` role="img" aria-labelledby="title description" font-family="${font}" font-size="12" fill="${colors.ink}">`,
    `<title id="title">Analysis of ${escapeMarkup(title)}</title>`,
    `<desc id="description">${escapeMarkup(description)}</desc>`,
    `<rect width="${width}" height="${layout.height}" fill="#fff"/>`,
    `<text x="${left}" y="32" font-size="18" font-weight="600">${escapeMarkup(title)}</text>`,
    `<text x="${left}" y="52" fill="${colors.muted}">${escapeMarkup(description)}</text>`,
    timeAxis(span.start, span.end, x),
    named('scenes', scenes),
    scenesSvg(input.scenes, x, scenes, colors),
    rangesSvg(gaps('video'), x, motion, colors.gap),
    rangesSvg(gaps('audio'), x, loudness, colors.gap),
    ...motionPlot(curves, x),
    ...loudnessPlot(curves, x),
    ...(input.highlights.length === 0
      ? []
      : [named('highlights', highlights), highlightsSvg(input.highlights, x, highlights, tinted, colors)]),
    ...(input.silences.length === 0 ? [] : [named('silences', silences), rangesSvg(input.silences, x, silences, colors.silence)]),
    legend(input),
    '</svg>',
    '',
  ]
    .filter((line, index, all) => line !== '' || index === all.length - 1)
    .join('\n')
}

function describe({ start, end, duration, scenes, highlights, silences, series }: AnalysisPicture): string {
  const part = start <= 0 && end >= duration ? clockTime(duration) : `${clockTime(start)} to ${clockTime(end)} of ${clockTime(duration)}`
  const found = [counted(scenes.length, 'scene'), counted(highlights.length, 'highlight')]
  return [part, ...found, ...(series.sound === null ? ['no sound'] : [counted(silences.length, 'silence')])].join(', ')
}

function motionPlot({ motion, motionTop }: AnalysisCurves, x: ChartScale['x']): string[] {
  const percent = (value: number): string => `${Number((value * 100).toPrecision(3))} %`
  const marks = multiples(0, motionTop, roundUp(motionTop / 4))
  return plot('motion', 'no pictures', motion, layout.motion, { bottom: 0, top: motionTop }, marks, percent, x)
}

function loudnessPlot({ loudness, loudnessBottom, loudnessTop }: AnalysisCurves, x: ChartScale['x']): string[] {
  const text = (value: number): string => String(value).replace('-', '−')
  const marks = multiples(loudnessBottom, loudnessTop, 20)
  return plot('loudness', 'no sound', loudness, layout.loudness, { bottom: loudnessBottom, top: loudnessTop }, marks, text, x, 'LUFS')
}

function plot(
  name: 'motion' | 'loudness',
  absent: string,
  curve: AnalysisCurves['motion'],
  place: { readonly top: number; readonly height: number },
  ends: { readonly bottom: number; readonly top: number },
  marks: readonly number[],
  text: (value: number) => string,
  x: ChartScale['x'],
  unit = 'of the width',
): string[] {
  const floor = place.top + place.height
  const y = (value: number): number => floor - ((value - ends.bottom) / (ends.top - ends.bottom)) * place.height
  const middle = place.top + place.height / 2
  const title = `<text transform="translate(18 ${middle}) rotate(-90)" text-anchor="middle" fill="${colors.muted}">${name}, ${unit}</text>`
  if (curve === null) {
    return [title, `<text x="${left + plotWidth / 2}" y="${middle + 4}" text-anchor="middle" fill="${colors.muted}">${absent}</text>`]
  }
  const lines = marks.map((value) => `M${left} ${short(y(value))}h${plotWidth}`).join('')
  const numbers = marks.map(
    (value) =>
      `<text x="${left - 8}" y="${short(y(value) + 4)}" font-size="11" text-anchor="end" fill="${colors.muted}">${text(value)}</text>`,
  )
  return [title, `<path d="${lines}" stroke="${colors.line}"/>`, ...numbers, curveSvg(curve, { x, y, floor }, colors[name])]
}

function timeAxis(from: number, to: number, x: ChartScale['x']): string {
  const step = timeStep(to - from, 14)
  const times = multiples(from, to, step)
  const lines = times.map((time) => `M${short(x(time))} ${layout.scenes.top}V${layout.axis}`).join('')
  const marks = times.map(
    (time) => `<text x="${short(x(time))}" y="${layout.axis + 16}" text-anchor="middle">${timeMark(time, step)}</text>`,
  )
  return [
    `<path d="${lines}" stroke="${colors.line}"/>`,
    `<g font-size="11" fill="${colors.muted}">${marks.join('')}<text x="${left + plotWidth / 2}" y="${layout.axis + 34}" text-anchor="middle">time</text></g>`,
  ].join('\n')
}

function named(name: string, { top, height }: { readonly top: number; readonly height: number }): string {
  return `<text x="${left - 8}" y="${top + height / 2 + 4}" font-size="11" text-anchor="end" fill="${colors.muted}">${name}</text>`
}

/** The signs that are in the chart, side by side; the width of their texts is estimated, since there is no font to measure. */
function legend({ scenes, highlights, silences, series }: AnalysisPicture): string {
  const [top, height, signWidth] = [layout.legend - 9, 10, 10]
  const box = (color: string): string => `<rect y="${top}" width="${signWidth}" height="${height}" fill="${color}"/>`
  const has = (kind: string): boolean => scenes.some((scene, index) => index > 0 && scene.kind === kind)
  const transition = (kind: 'fade' | 'dissolve'): string =>
    transitionSvg(kind, { start: 0, end: signWidth }, (time) => time, { top, height }, colors[kind])
  const entries = [
    ...(series.pictures === null ? [] : [[box(colors.motion), 'motion']]),
    ...(series.sound === null ? [] : [[box(colors.loudness), 'momentary loudness']]),
    ...(has('cut') ? [[`<path d="M5 ${top}v${height}" stroke="${colors.cut}"/>`, 'cut']] : []),
    ...(has('fade') ? [[transition('fade'), 'fade']] : []),
    ...(has('dissolve') ? [[transition('dissolve'), 'dissolve']] : []),
    ...(highlights.length === 0 ? [] : [[box(colors.highlight), 'highlight with its rank']]),
    ...(silences.length === 0 ? [] : [[box(colors.silence), 'silence']]),
    ...(series.gaps.length === 0 ? [] : [[box(colors.gap), 'could not be analysed']]),
  ]
  let at = left
  const signs = entries.map(([sign = '', text = '']) => {
    const place = at
    at += signWidth + 30 + text.length * 6.2
    return `<g transform="translate(${short(place)} 0)">${sign}<text x="${signWidth + 6}" y="${layout.legend}">${text}</text></g>`
  })
  return `<g font-size="11">${signs.join('')}</g>`
}
