// @napi-rs/webcodecs: its demuxers and decoder; frames come out as RGBA in full, and sharp scales them, as it does not.
// @ts-check
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { chosen, serve } from './protocol.mjs'

/** @type {any} */
let codecs
/** @type {any} */
let sharp

/** Frames or packets that wait for someone before demuxing goes on. */
const mostWaiting = 8

await serve({
  about: async () => {
    codecs = await import('@napi-rs/webcodecs')
    ;({ default: sharp } = /** @type {any} */ (await import('sharp')))
    const { version } = JSON.parse(readFileSync(new URL('../node_modules/@napi-rs/webcodecs/package.json', import.meta.url), 'utf8'))
    return `@napi-rs/webcodecs ${version}, sharp ${sharp.versions.sharp}, Node ${process.version}`
  },
  pictures,
})

/** @param {import('./protocol.mjs').Ask} ask @returns {AsyncGenerator<import('./protocol.mjs').Picture>} */
async function* pictures(ask) {
  // Its callbacks do not keep a process alive that waits for them.
  const alive = setInterval(() => undefined, 60_000)
  const demuxer = await open(ask.file)
  const close = (/** @type {any} */ frame) => frame.close()
  if (ask.frames === 'times' && ask.variant !== 'one-pass') {
    for (const time of ask.times ?? []) {
      demuxer.seek(Math.floor(time * 1e6))
      for await (const { timestamp, frame } of decode(demuxer, ask)) {
        if (timestamp >= time - 1e-3) {
          yield await picture(frame, timestamp, ask)
          close(frame)
          break
        }
        close(frame)
      }
    }
  } else {
    for await (const { timestamp, frame } of chosen(decode(demuxer, ask), ask, close)) yield await picture(frame, timestamp, ask)
  }
  demuxer.close()
  clearInterval(alive)
}

/** @param {string} file */
async function open(file) {
  const kinds = /** @type {Record<string, any>} */ ({ '.webm': codecs.WebMDemuxer, '.mkv': codecs.MkvDemuxer })
  const demuxer = new (kinds[extname(file)] ?? codecs.Mp4Demuxer)({ videoOutput: () => undefined, error: fail })
  await demuxer.load(file)
  return demuxer
}

/** Frames from where the demuxer stands. @param {any} demuxer @param {import('./protocol.mjs').Ask} ask */
async function* decode(demuxer, { frames, variant }) {
  const keyOnly = frames === 'keyframes'
  // The decoder gives the pictures in the order of presentation with the times of the packets in the order of decoding. The least time of
  // those fed in and not yet out is the true one.
  /** @type {number[]} */
  const fed = []
  const timeOf = (/** @type {any} */ frame) => {
    if (variant === 'default') return frame.timestamp
    const least = Math.min(...fed)
    fed.splice(fed.indexOf(least), 1)
    return least
  }
  /** @type {any[]} */
  const ready = []
  let isDone = false
  let isUnwanted = false
  /** @type {((value?: unknown) => void)[]} */
  let waiting = []
  const changed = () => new Promise((resolve) => waiting.push(resolve))
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const decoder = new codecs.VideoDecoder({
    output: (/** @type {any} */ frame) => {
      if (isUnwanted) frame.close()
      else ready.push(frame)
      wake()
    },
    error: fail,
  })
  decoder.ondequeue = () => wake()
  decoder.configure(demuxer.videoDecoderConfig)
  const feeding = (async () => {
    for await (const { videoChunk: chunk } of demuxer) {
      if (chunk === undefined) continue
      if (isUnwanted) return
      if (keyOnly && chunk.type !== 'key') continue
      fed.push(chunk.timestamp)
      decoder.decode(chunk)
      while (decoder.decodeQueueSize + ready.length > mostWaiting && !isUnwanted) await changed()
    }
    if (!isUnwanted) await decoder.flush()
    isDone = true
    wake()
  })()
  try {
    for (;;) {
      const frame = ready.shift()
      if (frame !== undefined) {
        wake()
        yield { timestamp: timeOf(frame) / 1e6, frame }
      } else if (isDone) return
      else await changed()
    }
  } finally {
    isUnwanted = true
    wake()
    await feeding
    for (const frame of ready) frame.close()
    decoder.close()
  }
}

/** @param {any} frame @param {number} timestamp @param {import('./protocol.mjs').Ask} ask */
async function picture(frame, timestamp, { width, height }) {
  const { codedWidth, codedHeight } = frame
  const rgba = new Uint8Array(frame.allocationSize({ format: 'RGBA' }))
  await frame.copyTo(rgba, { format: 'RGBA' })
  const channels = /** @type {const} */ (4)
  if (codedWidth === width && codedHeight === height) return { timestamp, data: rgba, channels }
  const data = await sharp(rgba, { raw: { width: codedWidth, height: codedHeight, channels } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .removeAlpha()
    .raw()
    .toBuffer()
  return { timestamp, data }
}

/** @param {Error} error */
function fail(error) {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
}
