// node-av: its demuxer, decoder and scaler, as its README joins them; the scaler only for frames that are wanted.
// @ts-check
import { readFileSync } from 'node:fs'
import { chosen, serve } from './protocol.mjs'

/** @type {any} */
let av

/** Which of node-av's choices a variant makes. @type {Record<string, { context?: object, isSync?: boolean }>} */
const variants = {
  default: {},
  'threads-1': { context: { threadCount: 1 } },
  'threads-2': { context: { threadCount: 2 } },
  'threads-4': { context: { threadCount: 4 } },
  'one-pass': { context: { threadCount: 2 }, isSync: true },
  'threads-2-sync': { context: { threadCount: 2 }, isSync: true },
}

await serve({
  about: async () => {
    av = await import('node-av')
    const { version } = JSON.parse(readFileSync(new URL('../node_modules/node-av/package.json', import.meta.url), 'utf8'))
    return `node-av ${version}, FFmpeg ${av.getFFmpegInfo().version}, Node ${process.version}`
  },
  pictures,
})

/** @param {import('./protocol.mjs').Ask} ask @returns {AsyncGenerator<import('./protocol.mjs').Picture>} */
async function* pictures(ask) {
  const { context = {}, isSync = false } = variants[ask.variant] ?? {}
  const input = await av.Demuxer.open(ask.file)
  const stream = input.video()
  const { num, den } = stream.timeBase
  const start = Math.max(0, input.startTime || 0)
  const seconds = (/** @type {any} */ frame) => (Number(frame.pts) * num) / den - start
  const options = ask.frames === 'keyframes' ? { skip_frame: 'nokey' } : {}
  const makeDecoder = () => av.Decoder.create(stream, { context, options })
  const scaler = new av.Scaler({ flags: av.SWS_BICUBIC })
  const resize = { width: ask.width, height: ask.height }
  const picture = (/** @type {any} */ frame) =>
    isSync ? scaler.toBufferSync(frame, { resize, format: 'rgb' }) : scaler.toBuffer(frame, { resize, format: 'rgb' })
  const decode = async function* () {
    const decoder = await makeDecoder()
    // packets() reads ahead, also across a seek, and gives nothing to whoever asks again after stopping: packetsSync() starts anew.
    const packets = isSync || ask.frames === 'times' ? input.packetsSync(stream.index) : input.packets(stream.index)
    try {
      for await (const frame of isSync ? decoder.framesSync(packets) : decoder.frames(asynchronous(packets)))
        if (frame !== null) yield { timestamp: seconds(frame), frame }
    } finally {
      decoder.close()
    }
  }
  try {
    if (ask.frames !== 'times' || ask.variant === 'one-pass') {
      for await (const { timestamp, frame } of chosen(decode(), ask, (frame) => frame.free()))
        yield { timestamp, data: await picture(frame) }
      return
    }
    for (const time of ask.times ?? []) {
      // By the whole file's time base: with a stream's index the same call takes ticks.
      await input.seek(time + start, -1, av.AVSEEK_FLAG_BACKWARD)
      for await (const { timestamp, frame } of decode()) {
        if (timestamp >= time - 1e-3) {
          yield { timestamp, data: await picture(frame) }
          frame.free()
          break
        }
        frame.free()
      }
    }
  } finally {
    scaler.close()
    await input.close()
  }
}

/** @template Value @param {AsyncIterable<Value> | Iterable<Value>} values */
async function* asynchronous(values) {
  yield* values
}
