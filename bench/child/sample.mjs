// framemill's side of a pair: samples one file in a process of its own, and tells as JSON how that went.
// Usage: node bench/child/sample.mjs '{"file": ..., "engine": {...}, "options": {...}, "sleepMs": 0}'
// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { Engine } from '../../dist/index.js'
import { peakBytes } from '../own-peak.mjs'

const { file, engine: engineOptions, options, sleepMs = 0 } = JSON.parse(process.argv[2] ?? '{}')
const started = performance.now()
const engine = new Engine(engineOptions)
let frames = 0
let bytes = 0
let report
for await (const frame of engine.sample(file, { ...options, onReport: (/** @type {object} */ made) => (report = made) })) {
  frames++
  bytes += frame.data.length
  if (sleepMs > 0) await sleep(sleepMs)
}
await engine.close()
process.stdout.write(JSON.stringify({ frames, bytes, engineSeconds: (performance.now() - started) / 1000, peakBytes: peakBytes(), report }))
