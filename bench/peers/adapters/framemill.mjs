// framemill's side of every pair: the engine as it comes, the disk cache off so that every run reads the packet index anew.
// @ts-check
import { readFileSync } from 'node:fs'
import { serve } from './protocol.mjs'

/** @type {typeof import('../../../dist/index.js') | undefined} */
let library

await serve({
  about: async () => {
    library = await import('../../../dist/index.js')
    const { loadBinding } = await import('../../../dist/native/binding.js')
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    return `framemill ${version}, FFmpeg ${loadBinding().versions().ffmpeg}, Node ${process.version}`
  },
  pictures,
})

/** @param {import('./protocol.mjs').Ask} ask @returns {AsyncGenerator<import('./protocol.mjs').Picture>} */
async function* pictures({ file, frames, fps = 1, times = [], end, width, height, batch = false }) {
  if (library === undefined) throw new Error('framemill is not loaded')
  const engine = new library.Engine({ cache: false })
  /** @type {Pick<import('../../../dist/index.js').SampleOptions, 'width' | 'height' | 'fit'>} */
  const size = { width, height, fit: 'fill' }
  const range = end === null ? {} : { end }
  try {
    if (batch) {
      const { data, timestamps } = await engine.sampleBatch(file, { timestamps: times, ...size })
      const bytes = width * height * 3
      for (const [row, timestamp] of timestamps.entries())
        yield { timestamp, data: new Uint8Array(data.buffer, data.byteOffset + row * bytes, bytes), inBatch: true }
      return
    }
    const which = {
      grid: { fps, ...range },
      times: { timestamps: times },
      keyframes: { keyframes: /** @type {const} */ (true), ...range },
      all: { all: /** @type {const} */ (true), ...range },
      first: { frameIndexes: [0] },
    }
    yield* engine.sample(file, { ...which[frames], ...size })
  } finally {
    await engine.close()
  }
}
