// Samples one file in a process of its own, and tells as JSON when each frame came and, if asked, a digest of all of them.
// Usage: node bench/child/frame-times.mjs '{"file": ..., "engine": {...}, "options": {...}, "digest": false}'
// @ts-check
import { createHash } from 'node:crypto'
import { Engine } from '../../dist/index.js'

const { file, engine: engineOptions, options, digest = false } = JSON.parse(process.argv[2] ?? '{}')
const started = performance.now()
const engine = new Engine(engineOptions)
const hash = createHash('sha256')
/** @type {number[]} */
const seconds = []
for await (const { pts, data } of engine.sample(file, options)) {
  seconds.push((performance.now() - started) / 1000)
  if (digest) hash.update(`${pts} `).update(data)
}
await engine.close()
process.stdout.write(JSON.stringify({ seconds, digest: digest ? hash.digest('hex') : null }))
