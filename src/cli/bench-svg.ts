// Owns the picture of a benchmark: throughput against workers with error bars, the fitted curve, the recommended point. Drawn by
// vega-lite, which users who want pictures install beside framemill.
import { fileURLToPath } from 'node:url'
import type { parse, View } from 'vega'
import type { compile, TopLevelSpec } from 'vega-lite'
import { uslThroughput } from '../index.js'
import type { GoalAnswer, Recommendation } from '../index.js'
import { Misuse } from './failure.js'

const curvePoints = 60

/** An SVG document, one panel for each job and goal. */
export async function svgChart(recommendations: readonly Recommendation[], vega: Vega): Promise<string> {
  const view = new vega.View(vega.parse(vega.compile(chartSpec(recommendations)).spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

/** The vega-lite specification with its data. */
export function chartSpec(recommendations: readonly Recommendation[]): TopLevelSpec {
  const panels = recommendations.flatMap((recommendation) => [
    panel(`${recommendation.job}, many files at once`, recommendation),
    panel(`${recommendation.job}, one file`, recommendation.latency),
  ])
  return { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', background: 'white', hconcat: panels }
}

type Answer = Pick<GoalAnswer, 'workers' | 'codecThreads' | 'measurements' | 'usl'>

function panel(
  title: string,
  { workers, codecThreads, measurements, usl }: Answer,
): Extract<TopLevelSpec, { hconcat: unknown }>['hconcat'][number] {
  const points = measurements.map((measured) => ({
    workers: measured.workers,
    codecThreads: String(measured.codecThreads),
    throughput: measured.throughput,
    low: measured.throughput - measured.mad,
    high: measured.throughput + measured.mad,
  }))
  const most = Math.max(...points.map((point) => point.workers))
  const [quantitative, nominal] = ['quantitative', 'nominal'] as const
  const x = { field: 'workers', type: quantitative, title: 'workers', scale: { domain: [0, most + 1] }, axis: { tickMinStep: 1 } }
  const y = { field: 'throughput', type: quantitative, title: 'frames/s', scale: { zero: true } }
  const color = { field: 'codecThreads', type: nominal, title: 'codec threads' }
  const recommended = points.filter((point) => point.workers === workers && point.codecThreads === String(codecThreads))
  return {
    title: { text: title, subtitle: 'error bars: median absolute deviation; dashed: Universal Scalability Law, one codec thread' },
    width: 320,
    height: 240,
    layer: [
      { data: { values: curve(usl, most) }, mark: { type: 'line', color: '#999', strokeDash: [4, 3] }, encoding: { x, y } },
      {
        data: { values: points },
        mark: { type: 'rule' },
        encoding: { x, y: { field: 'low', type: quantitative }, y2: { field: 'high' }, color },
      },
      { data: { values: points }, mark: { type: 'point', filled: true, size: 60 }, encoding: { x, y, color } },
      { data: { values: recommended }, mark: { type: 'point', size: 260, strokeWidth: 2, color: 'black' }, encoding: { x, y } },
    ],
  }
}

/** The Universal Scalability Law, as fitted to one codec thread per worker. */
function curve(usl: GoalAnswer['usl'], most: number): { workers: number; throughput: number }[] {
  if (usl === null) return []
  return Array.from({ length: curvePoints }, (_, i) => {
    const n = 1 + ((most - 1) * i) / (curvePoints - 1)
    return { workers: n, throughput: uslThroughput(usl, n) }
  })
}

/** What draws. */
export interface Vega {
  readonly compile: typeof compile
  readonly View: typeof View
  readonly parse: typeof parse
}

/** @throws Misuse when vega or vega-lite is not installed */
export async function loadVega(): Promise<Vega> {
  try {
    return { ...(await import('vega-lite')), ...(await import('vega')) }
  } catch (cause) {
    const where = fileURLToPath(new URL('../..', import.meta.url))
    throw new Misuse(`--chart needs the packages vega and vega-lite: run "npm install --no-save vega vega-lite" in ${where}`, { cause })
  }
}
