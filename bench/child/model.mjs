// Samples a stretch of a file several times on one engine, and foretells from a trace how fast other hosts would; tells both as JSON.
// Usage: node bench/child/model.mjs '{"file": ..., "workers": 2, "rounds": 5, "seconds": 30, "hosts": [{"workers": 1, "cpus": 1}]}'
// @ts-check
import { MeasuredEngine } from '../../dist/measure/measured-engine.js'
import { sampleWork } from '../../dist/measure/sample-work.js'

const { file, workers, rounds, seconds, hosts } = JSON.parse(process.argv[2] ?? '{}')
const engine = new MeasuredEngine(sampleWork, { kind: 'open', job: 'sample', files: [file], workers, codecThreads: 1, memoryLimit: null })
const [source] = await engine.describe([file])
if (source === undefined) throw new Error(`Expected ${file} to be described`)
const work = [[{ file, start: 0, end: Math.min(seconds, source.seconds) }]]
await engine.measure(work) // opens readers, fills caches
const rates = []
for (let round = 0; round < rounds; round++) {
  const { frames, wallSeconds } = await engine.measure(work)
  rates.push(frames / wallSeconds)
}
const { predictions } = await engine.predict({ kind: 'predict', work, slowdown: 0, whole: false, hosts })
process.stdout.write(JSON.stringify({ rates, predictions }))
process.exit()
