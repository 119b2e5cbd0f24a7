// Owns the sentences about a recommendation: the answer first, then the figures it rests on.
import { basename } from 'node:path'
import plot from 'simple-ascii-chart'
import type { GoalAnswer, Measurement, Recommendation } from '../index.js'
import { durationText, printable } from './summary-text.js'

const widestChart = 72
const chartHeight = 8

/** `columns` of the terminal; undefined when the text goes elsewhere. */
export function recommendationText(recommendation: Recommendation, columns: number = widestChart): string {
  const { job, limits, sources, latency, model, notes, savedTo } = recommendation
  const quota = limits.cpuQuota === null ? 'no CPU quota' : `CPU quota ${round(limits.cpuQuota, 2)}`
  const nodes = limits.numaNodes > 1 ? `, ${limits.numaNodes} memory nodes` : ''
  const throughput = {
    ...recommendation,
    bottleneck: { kind: recommendation.bottleneck, reason: recommendation.bottleneckReason },
  }
  return [
    `${job}: ${counted(recommendation.workers, 'worker')} x ${counted(recommendation.codecThreads, 'codec thread')}`,
    '',
    `host   ${counted(limits.cpus, 'CPU')} on ${counted(limits.physicalCores, 'core')}${nodes}, ${quota}; memory ${gigabytes(limits.memoryBytes)}`,
    ...sources.map(({ file, description, seconds }) => `video  ${printable(basename(file))}  ${description} ${durationText(seconds)}`),
    '',
    ...goalLines('Many files at once', throughput, columns),
    '',
    ...goalLines('One file', latency, columns),
    ...(model === null ? [] : modelLines(model)),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note: ${note}`)]),
    ...(savedTo === null ? [] : ['', `saved to ${savedTo}: new engines use it`]),
  ].join('\n')
}

function goalLines(title: string, answer: GoalAnswer, columns: number): string[] {
  const { measurements, explanation, confidence, bottleneck } = answer
  return [
    `${title}: ${explanation[0] ?? ''}.`,
    ...explanation.slice(1).map((sentence) => `  ${sentence}.`),
    `  Limited by ${limiters[bottleneck.kind]}: ${bottleneck.reason}.`,
    ...(measurements.length === 1
      ? []
      : [`  Confidence ${percent(confidence)}: that share of resamplings of the rounds gives the same answer.`]),
    '',
    ...tableLines(measurements, answer),
    ...chartLines(measurements, answer, columns),
  ]
}

const limiters = {
  cpu: 'CPU time',
  'memory-bandwidth': 'what workers share',
  disk: 'its source',
  consumer: 'the consumer of the frames',
  'long-gop': 'a GOP that one worker decodes alone',
} as const

function tableLines(measurements: readonly Measurement[], chosen: { workers: number; codecThreads: number }): string[] {
  const head = ['workers', 'threads', 'frames/s', '+/-', 'x realtime', 'CPU s', 'busy', 'peak memory', 'rounds', '']
  const rows = measurements.map((measured) => [
    String(measured.workers),
    String(measured.codecThreads),
    round(measured.throughput, 1),
    round(measured.mad, 1),
    round(measured.realtime, 1),
    round(measured.cpuSeconds, 2),
    percent(measured.utilisation),
    `${Math.round(measured.peakRssBytes / 2 ** 20)} MiB`,
    String(measured.rounds),
    measured.workers === chosen.workers && measured.codecThreads === chosen.codecThreads ? '<- recommended' : '',
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  return [head, ...rows].map((row) =>
    `  ${row.map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  )
}

/** The best throughput at each number of workers; nothing where there is only one number. */
function chartLines(measurements: readonly Measurement[], chosen: { workers: number; throughput: number }, columns: number): string[] {
  const workers = [...new Set(measurements.map((measured) => measured.workers))].sort((a, b) => a - b)
  if (workers.length < 2) return []
  const best = workers.map((count): [number, number] => [
    count,
    Math.round(Math.max(...measurements.filter((measured) => measured.workers === count).map(({ throughput }) => throughput))),
  ])
  const top = Math.max(...best.map(([, throughput]) => throughput))
  const chart = plot(best, {
    width: Math.max(20, Math.min(columns, widestChart) - 12),
    height: chartHeight,
    yRange: [0, Math.ceil(top * 1.05)],
    customXAxisTicks: workers,
    mode: 'point',
    symbols: { point: '◆' },
    points: [{ x: chosen.workers, y: Math.round(chosen.throughput) }],
    title: '  frames/s against workers (◆ recommended)',
  })
  return [
    '',
    ...chart
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `  ${line.trimEnd()}`),
  ]
}

function modelLines({ checks, predictions, slowdown }: NonNullable<Recommendation['model']>): string[] {
  const checked = checks.map(
    ({ from, to, predicted, measured, error }) =>
      `  ${counted(to, 'worker')} from a trace of ${from}: ${round(predicted, 1)} frames/s predicted, ${round(measured, 1)} measured, ${percent(Math.abs(error))} off`,
  )
  const foretold = predictions.map(
    ({ workers, throughput, speedupOverOne }) =>
      `  ${String(workers).padStart(4)} CPUs  ${round(throughput, 1)} frames/s, ${round(speedupOverOne, 2)} times one`,
  )
  const slowed = slowdown > 0 ? `, each further worker slowing the others by ${percent(slowdown)}` : ''
  return [
    ...(checked.length === 0 ? [] : ['', 'The model that predicts, checked here:', ...checked]),
    ...(foretold.length === 0 ? [] : ['', `Predicted for one whole file after the other${slowed}:`, ...foretold]),
  ]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function percent(share: number): string {
  return `${round(share * 100, share < 0.1 ? 1 : 0)} %`
}

function gigabytes(bytes: number): string {
  return `${round(bytes / 2 ** 30, 1)} GiB`
}

function round(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
