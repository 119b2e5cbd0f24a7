// Owns drawing the ruler and, below it, the strip of thumbnails.
import { multiples, timeMark, timeStep } from '../axis.js'
import type { PageThumbnail } from '../page-data.js'
import type { Lane } from './lanes.js'
import { nearestThumbnail } from './lookup.js'
import type { Theme } from './theme.js'
import type { View } from './view.js'

type Paper = CanvasRenderingContext2D

/** Pixels that a mark of the ruler needs. */
const markRoom = 72

/** Marks with their times in the ruler, and a faint line through what lies below, down to `bottom`. */
export function paintRuler(paper: Paper, view: View, lane: Lane, bottom: number, theme: Theme): void {
  const { from, to } = view.shown
  const step = timeStep(to - from, Math.max(1, view.width / markRoom))
  paper.font = `11px ${theme.font}`
  paper.textBaseline = 'middle'
  paper.textAlign = 'left'
  for (const time of multiples(from, to, step)) {
    const x = Math.round(view.xOf(time))
    paper.fillStyle = theme.line
    paper.fillRect(x, lane.top + lane.height - 6, 1, bottom - lane.top - lane.height + 6)
    const text = timeMark(time, step)
    paper.fillStyle = theme.muted
    if (x + 4 + paper.measureText(text).width <= view.width) paper.fillText(text, x + 4, lane.top + lane.height / 2)
  }
}

/**
 * Pictures side by side, each the nearest to the middle of its place. Places stay where they are in time while the strip is scrolled.
 * @param images of those thumbnails that are loaded
 */
export function paintFilm(
  paper: Paper,
  view: View,
  lane: Lane,
  thumbnails: readonly PageThumbnail[],
  images: ReadonlyMap<PageThumbnail, HTMLImageElement>,
): void {
  const shape = thumbnails[0]
  if (shape === undefined || lane.height === 0) return
  const width = Math.max(16, Math.round((lane.height * shape.width) / shape.height))
  for (let place = Math.floor(view.left / width); place * width < view.left + view.width; place++) {
    const x = place * width - view.left
    const thumbnail = nearestThumbnail(thumbnails, view.timeAt(x + width / 2))
    const image = thumbnail === undefined ? undefined : images.get(thumbnail)
    if (image !== undefined) paintCovering(paper, image, x, lane.top, width - 1, lane.height)
  }
}

/** Fills the place; what has another shape loses its edges. */
function paintCovering(paper: Paper, image: HTMLImageElement, x: number, y: number, width: number, height: number): void {
  const scale = Math.max(width / image.naturalWidth, height / image.naturalHeight)
  const [cutWidth, cutHeight] = [width / scale, height / scale]
  const [left, top] = [(image.naturalWidth - cutWidth) / 2, (image.naturalHeight - cutHeight) / 2]
  paper.drawImage(image, left, top, cutWidth, cutHeight, x, y, width, height)
}
