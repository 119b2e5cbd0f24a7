// Run with --expose-gc: exports 100 short clips in one call, then 1,000 in another, and prints what was held after each: the peak of resident
// memory and the heap in use, in MB, and open file handles.
import { readFile, readdir } from 'node:fs/promises'
import { Engine } from '../../dist/index.js'

const [source, folder] = process.argv.slice(2)

async function peakMegabytes() {
  const status = await readFile('/proc/self/status', 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}

/** Every third clip is encoded, every third joined, the others are copied. */
const clipsOf = (count) =>
  Array.from({ length: count }, (_, clip) => {
    const start = 0.1 + (clip % 80) / 10
    return { name: `c${clip}`, start, end: start + 0.19, mode: ['copy', 'encode', 'smart'][clip % 3] }
  })

const engine = new Engine({ workers: 2, cache: false })
// One signal for all, as a program has that may be told to stop: what clips hang on it must go with them.
const { signal } = new AbortController()
const outcomes = []
for (const count of [100, 1000]) {
  const run = { outDir: folder, existing: 'overwrite', signal, onProgress: () => undefined }
  const { totals } = await engine.exportClips(source, clipsOf(count), run)
  globalThis.gc()
  const handles = (await readdir('/proc/self/fd')).length
  const heap = process.memoryUsage().heapUsed / 2 ** 20
  outcomes.push({ done: totals.done, frames: totals.frames, told: totals.peakMemory / 2 ** 20, peak: await peakMegabytes(), heap, handles })
}
console.log(JSON.stringify(outcomes))
await engine.close()
