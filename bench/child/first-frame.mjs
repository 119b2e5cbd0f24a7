// From nothing to the first frame of a file: imports framemill, makes an engine, takes one frame; tells as JSON when each was done.
// Usage: node bench/child/first-frame.mjs FILE WIDTH
// @ts-check
const [, , file = '', width] = process.argv
const importing = performance.now()
const { Engine } = await import('../../dist/index.js')
const imported = performance.now()
const engine = new Engine({ cache: false })
let pts = NaN
let bytes = 0
let framed = NaN
for await (const frame of engine.sample(file, { fps: 2, width: Number(width) })) {
  framed = performance.now()
  pts = frame.pts
  bytes = frame.data.length
  break
}
await engine.close()
// performance.now() counts from the start of the process.
process.stdout.write(JSON.stringify({ importMs: imported - importing, engineMs: framed - imported, processMs: framed, pts, bytes }))
