// framemill's side of a pair: samples one file in a process of its own, and tells as JSON how that went.
// Usage: node bench/child/sample.mjs '{"file": ..., "engine": {...}, "options": {...}, "sleepMs": 0}'
// @ts-check
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Engine } from '../../dist/index.js'

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

/** Most memory this process had resident. */
function peakBytes() {
  try {
    // Not getrusage's: that one starts with what the parent had when it forked.
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
