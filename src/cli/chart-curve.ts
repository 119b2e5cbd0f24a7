// Owns a curve as SVG: the band between lowest and highest, and the line of the highest.
import type { Curve } from './page-data.js'

/** Seconds and values become units of the drawing. */
export interface ChartScale {
  readonly x: (time: number) => number
  readonly y: (value: number) => number
  /** Where the scale begins. */
  readonly floor: number
}

interface Point {
  readonly x: number
  readonly low: number
  readonly high: number
}

/** Empty when nothing was measured. */
export function curveSvg(curve: Curve, scale: ChartScale, color: string): string {
  const runs = unbroken(curve, scale)
  if (runs.length === 0) return ''
  const line = runs.map((run) => (run.length === 1 ? dot(run) : `M${path(run.map(({ x, high }) => [x, high]))}`)).join('')
  const area = runs.map((run) => `M${path(outline(run, scale.floor))}Z`).join('')
  const band = runs.map((run) => `M${path([...run.map(({ x, high }) => [x, high] as const), ...backwards(run)])}Z`).join('')
  return [
    `<path d="${area}" fill="${color}" fill-opacity="0.12"/>`,
    ...(curve.span === 0 ? [] : [`<path d="${band}" fill="${color}" fill-opacity="0.35"/>`]),
    `<path d="${line}" fill="none" stroke="${color}" stroke-width="1.2" stroke-linejoin="round" stroke-linecap="round"/>`,
  ].join('\n')
}

/** To a tenth of a unit. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Between the runs nothing was measured. */
function unbroken({ span, time, low, high }: Curve, { x, y }: ChartScale): Point[][] {
  const runs: Point[][] = [[]]
  for (const [index, start] of time.entries()) {
    const [bottom, top] = [low[index] ?? null, high[index] ?? null]
    if (bottom === null || top === null) runs.push([])
    else runs.at(-1)?.push({ x: x(start + span / 2), low: y(bottom), high: y(top) })
  }
  return runs.filter((run) => run.length > 0)
}

function outline(run: readonly Point[], floor: number): (readonly [number, number])[] {
  const [first, last] = [run[0]?.x ?? 0, run.at(-1)?.x ?? 0]
  return [[first, floor], ...run.map(({ x, high }) => [x, high] as const), [last, floor]]
}

function backwards(run: readonly Point[]): (readonly [number, number])[] {
  return run.toReversed().map(({ x, low }) => [x, low])
}

/** A line without length, which round ends make visible. */
function dot(run: readonly Point[]): string {
  return run.map(({ x, high }) => `M${short(x)} ${short(high)}h0`).join('')
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${short(x)} ${short(y)}`).join('L')
}
