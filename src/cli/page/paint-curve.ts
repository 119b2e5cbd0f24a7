// Owns drawing one curve into its lane: the band between lowest and highest, the line of the highest, and a light fill below.
import type { Curve } from '../page-data.js'
import type { Lane } from './lanes.js'
import type { View } from './view.js'

export interface CurveScale {
  readonly bottom: number
  readonly top: number
}

interface Point {
  readonly x: number
  readonly low: number
  readonly high: number
}

/** Pixels that stay free at the top of the lane. */
const headroom = 4

export function paintCurve(paper: CanvasRenderingContext2D, view: View, lane: Lane, curve: Curve, scale: CurveScale, color: string): void {
  const floor = lane.top + lane.height
  const yOf = (value: number): number => {
    const share = Math.min(1, Math.max(0, (value - scale.bottom) / (scale.top - scale.bottom)))
    return floor - share * (lane.height - headroom)
  }
  paper.fillStyle = color
  paper.strokeStyle = color
  paper.lineWidth = 1.25
  paper.lineJoin = 'round'
  for (const run of unbroken(curve, view, yOf)) {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined) continue
    const forth = (path: Path2D): void => run.forEach(({ x, high }) => path.lineTo(x, high))
    const area = new Path2D()
    area.moveTo(first.x, floor)
    forth(area)
    area.lineTo(last.x, floor)
    paper.globalAlpha = 0.14
    paper.fill(area)
    const band = new Path2D()
    forth(band)
    run.toReversed().forEach(({ x, low }) => band.lineTo(x, low))
    paper.globalAlpha = 0.35
    paper.fill(band)
    paper.globalAlpha = 1
    if (run.length === 1) {
      paper.fillRect(first.x - 1, first.high - 1, 2, 2)
      continue
    }
    const line = new Path2D()
    forth(line)
    paper.stroke(line)
  }
}

/** Points on screen and one beyond each edge, in runs between which nothing was measured. */
function unbroken({ span, time, low, high }: Curve, view: View, yOf: (value: number) => number): Point[][] {
  const { from, to } = view.shown
  const runs: Point[][] = [[]]
  for (const [index, start] of time.entries()) {
    if ((time[index + 1] ?? start) + span < from) continue
    const [bottom, top] = [low[index] ?? null, high[index] ?? null]
    if (bottom === null || top === null) runs.push([])
    else runs.at(-1)?.push({ x: view.xOf(start + span / 2), low: yOf(bottom), high: yOf(top) })
    if (start > to) break
  }
  return runs.filter((run) => run.length > 0)
}
