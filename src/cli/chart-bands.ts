// Owns scenes, highlights and silences as SVG, the same signs as on the page: a cut is an edge, a fade a wedge, a dissolve two wedges.
import type { ShownHighlight, ShownRange, ShownScene } from './analysis-picture.js'
import { short } from './chart-curve.js'

/** A band of the chart, in units of the drawing. */
export interface Band {
  readonly top: number
  readonly height: number
}

export interface BandColors {
  readonly band: string
  readonly cut: string
  readonly fade: string
  readonly dissolve: string
  readonly highlight: string
  readonly silence: string
  readonly muted: string
  readonly ink: string
}

type Place = (time: number) => number

/** A transition stays visible where it is shorter than so many units. */
const narrowestTransition = 6
/** Of a digit at the size of labels; an estimate, since there is no font to measure. */
const digitWidth = 7

export function scenesSvg(scenes: readonly ShownScene[], x: Place, band: Band, colors: BandColors): string {
  const shaded = scenes.filter((_, index) => index % 2 === 0).map((scene) => box(scene, x, band, colors.band))
  const wide = x(scenes.at(-1)?.end ?? 0) - x(scenes[0]?.start ?? 0)
  const room = wide / scenes.length // of an average scene: where many stand close, signs are small and edges faint
  const edges = scenes.slice(1).filter(({ kind }) => kind === 'cut')
  const cuts = edges.map(({ start }) => `M${short(x(start))} ${band.top}v${band.height}`).join('')
  const transitions = scenes.flatMap(({ kind, start, transition }) =>
    kind === 'cut'
      ? []
      : [transitionSvg(kind, transition ?? { start, end: start }, x, band, colors[kind], Math.min(narrowestTransition, room / 2))],
  )
  const labels = scenes.map(({ start, end, transition }, index) =>
    label({ start: Math.max(start, transition?.end ?? start), end }, x, band, String(index + 1), colors.muted),
  )
  return [
    ...shaded,
    cuts === '' ? '' : `<path d="${cuts}" stroke="${colors.cut}" stroke-opacity="${short(Math.min(1, room / 6))}"/>`,
    ...transitions,
    ...labels,
  ]
    .filter(Boolean)
    .join('\n')
}

/** The sign of a transition, at least `least` units wide. */
export function transitionSvg(
  kind: 'fade' | 'dissolve',
  { start, end }: ShownRange,
  x: Place,
  { top, height }: Band,
  color: string,
  least = 0,
): string {
  const missing = Math.max(0, least - (x(end) - x(start))) / 2
  const [left, right, bottom] = [short(x(start) - missing), short(x(end) + missing), top + height]
  const rising = `M${left} ${bottom}L${right} ${bottom}L${right} ${top}Z`
  const falling = `M${left} ${top}L${left} ${bottom}L${right} ${bottom}Z`
  return kind === 'fade'
    ? `<path d="${rising}" fill="${color}"/>`
    : `<path d="${rising}" fill="${color}" fill-opacity="0.6"/><path d="${falling}" fill="${color}" fill-opacity="0.6"/>`
}

export function highlightsSvg(highlights: readonly ShownHighlight[], x: Place, band: Band, tinted: Band, colors: BandColors): string {
  return highlights
    .flatMap((highlight) => [
      box(highlight, x, tinted, colors.highlight, 0.1),
      box(highlight, x, band, colors.highlight),
      label(highlight, x, band, String(highlight.rank), colors.ink),
    ])
    .filter(Boolean)
    .join('\n')
}

export function rangesSvg(ranges: readonly ShownRange[], x: Place, band: Band, color: string): string {
  return ranges.map((range) => box(range, x, band, color)).join('\n')
}

function box({ start, end }: ShownRange, x: Place, { top, height }: Band, color: string, opacity = 1): string {
  const width = Math.max(1, x(end) - x(start))
  const faint = opacity === 1 ? '' : ` fill-opacity="${opacity}"`
  return `<rect x="${short(x(start))}" y="${top}" width="${short(width)}" height="${height}" fill="${color}"${faint}/>`
}

/** Nothing where there is no room. */
function label({ start, end }: ShownRange, x: Place, { top, height }: Band, text: string, color: string): string {
  const free = x(end) - x(start) - text.length * digitWidth
  if (free < 4) return ''
  return `<text x="${short(x(start) + Math.min(5, free / 2))}" y="${short(top + height / 2 + 4)}" font-size="11" fill="${color}">${text}</text>`
}
