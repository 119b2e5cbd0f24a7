// Owns drawing what has a beginning and an end: scenes, highlights, silences, gaps; and beats, which have a place.
import type { PageData, PageRange } from '../page-data.js'
import type { Lane } from './lanes.js'
import type { Theme } from './theme.js'
import type { View } from './view.js'

const narrowest = 2

type Paper = CanvasRenderingContext2D

interface Box {
  readonly x: number
  readonly width: number
}

/** Where the range is on screen; undefined when it is not. */
function boxOf(view: View, { start, end }: PageRange): Box | undefined {
  const [x, right] = [Math.max(-1, view.xOf(start)), Math.min(view.width + 1, view.xOf(end))]
  return right < 0 || x > view.width ? undefined : { x, width: Math.max(narrowest, right - x) }
}

/** Every second scene is shaded. A cut is an edge; a fade rises from a wedge; a dissolve is where two wedges cross. */
export function paintScenes(paper: Paper, view: View, lane: Lane, { scenes }: PageData, theme: Theme): void {
  const room = view.extent / scenes.length // of an average scene: where many stand close, signs are small and edges faint
  for (const [index, scene] of scenes.entries()) {
    const box = boxOf(view, scene)
    if (box === undefined) continue
    paper.fillStyle = index % 2 === 0 ? theme.band : theme.lane
    paper.fillRect(box.x, lane.top, box.width, lane.height)
    if (scene.kind === 'cut') {
      paper.fillStyle = theme.cut
      paper.globalAlpha = Math.min(1, room / 6)
      if (index > 0) paper.fillRect(Math.round(box.x) - 0.5, lane.top, 1, lane.height)
      paper.globalAlpha = 1
    }
  }
  for (const scene of scenes) {
    if (scene.kind !== 'cut')
      paintTransition(paper, widened(boxOf(view, scene.transition ?? instant(scene.start)), Math.min(6, room / 2)), lane, scene.kind, theme)
  }
  for (const [index, { start, end, transition }] of scenes.entries()) {
    const clear = { start: Math.max(start, transition?.end ?? start), end }
    paintLabel(paper, boxOf(view, clear), lane, String(index + 1), theme.muted, theme.font)
  }
}

function paintTransition(paper: Paper, box: Box | undefined, lane: Lane, kind: 'fade' | 'dissolve', theme: Theme): void {
  if (box === undefined) return
  const [top, bottom, left, right] = [lane.top, lane.top + lane.height, box.x, box.x + box.width]
  paper.fillStyle = theme[kind]
  const triangle = (...corners: readonly (readonly [number, number])[]): void => {
    paper.beginPath()
    corners.forEach(([x, y]) => paper.lineTo(x, y))
    paper.fill()
  }
  if (kind === 'fade') return triangle([left, bottom], [right, bottom], [right, top])
  paper.globalAlpha = 0.6
  triangle([left, bottom], [right, bottom], [right, top])
  triangle([left, top], [left, bottom], [right, bottom])
  paper.globalAlpha = 1
}

/** Highlights also tint the curves above them, from `above` on. */
export function paintHighlights(paper: Paper, view: View, lane: Lane, above: Lane, { highlights }: PageData, theme: Theme): void {
  paper.fillStyle = theme.highlight
  for (const highlight of highlights) {
    const box = boxOf(view, highlight)
    if (box === undefined) continue
    paper.fillStyle = theme.highlight
    paper.globalAlpha = 0.1
    paper.fillRect(box.x, above.top, box.width, lane.top - above.top)
    paper.globalAlpha = 0.85
    paper.fillRect(box.x, lane.top + 2, box.width, lane.height - 4)
    paper.globalAlpha = 1
    paintLabel(paper, box, lane, String(highlight.rank), theme.onHighlight, theme.font)
  }
}

export function paintRanges(paper: Paper, view: View, lane: Lane, ranges: readonly PageRange[], color: string): void {
  paper.fillStyle = color
  for (const range of ranges) {
    const box = boxOf(view, range)
    if (box !== undefined) paper.fillRect(box.x, lane.top + 2, box.width, lane.height - 4)
  }
}

/** Short marks at the foot of the lane, unless they would run together. */
export function paintBeats(paper: Paper, view: View, lane: Lane, { beats }: PageData, color: string): void {
  const [first, last] = [beats[0], beats.at(-1)]
  if (first === undefined || last === undefined) return
  const pixelsApart = ((last - first) * view.pixelsPerSecond) / Math.max(1, beats.length - 1)
  if (pixelsApart < 4) return
  paper.fillStyle = color
  const { from, to } = view.shown
  for (const beat of beats) {
    if (beat >= from && beat <= to) paper.fillRect(Math.round(view.xOf(beat)), lane.top + lane.height - 5, 1, 5)
  }
}

/** Nothing where there is no room. */
function paintLabel(paper: Paper, box: Box | undefined, lane: Lane, text: string, color: string, font: string): void {
  if (box === undefined) return
  paper.font = `11px ${font}`
  const free = box.width - paper.measureText(text).width
  if (free < 4) return
  paper.textBaseline = 'middle'
  paper.textAlign = 'left'
  paper.fillStyle = color
  paper.fillText(text, Math.max(0, box.x) + Math.min(6, free / 2), lane.top + lane.height / 2 + 0.5)
}

function instant(time: number): PageRange {
  return { start: time, end: time }
}

/** A transition stays visible where it is shorter than a few pixels. */
function widened(box: Box | undefined, least: number): Box | undefined {
  return box === undefined || box.width >= least ? box : { x: box.x - (least - box.width) / 2, width: least }
}
