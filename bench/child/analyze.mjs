// framemill's side of a pair: measures one file in a process of its own, finds scenes (of every picture) or highlights in it, and tells as
// JSON how that went.
// Usage: node bench/child/analyze.mjs '{"file": ..., "engine": {...}, "options": {...}, "curves": true}'
// @ts-check
import { detectScenes, Engine, findHighlights } from '../../dist/index.js'
import { peakBytes } from '../own-peak.mjs'

const { file, engine: engineOptions, options, curves } = JSON.parse(process.argv[2] ?? '{}')
const engine = new Engine(engineOptions)
const analysis = await engine.analyze(file, options)
await engine.close()
const { pictures, sound, gaps } = analysis
const told = {
  pictures: pictures?.count ?? 0,
  windows: sound?.count ?? 0,
  pictureBytes: bytesOf(pictures),
  soundBytes: bytesOf(sound),
  gaps: gaps.length,
  found: pictures?.isEveryFrame ? detectScenes(pictures).length : findHighlights(analysis).length,
  peakBytes: peakBytes(),
}
process.stdout.write(JSON.stringify({ ...told, ...(curves ? curvesOf() : {}) }))

function curvesOf() {
  return {
    timestamp: [...(pictures?.timestamp ?? [])],
    difference: rounded(pictures?.difference),
    sound: sound === null ? null : { windowSeconds: sound.windowSeconds, rms: rounded(sound.rms) },
  }
}

/** As many digits as the other sides print; NaN becomes null. @param {Float32Array | undefined} column */
function rounded(column) {
  return Array.from(column ?? [], (value) => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6))
}

/** Of the memory that the columns of a series lie in. @param {object | null} series */
function bytesOf(series) {
  const buffers = new Set(Object.values(series ?? {}).flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer] : [])))
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)
}
