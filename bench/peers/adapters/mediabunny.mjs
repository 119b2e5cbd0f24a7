// mediabunny with @mediabunny/server: samples at timestamps, its own transform for the size, RGBA out, as it knows no RGB24.
// @ts-check
import { readFileSync } from 'node:fs'
import { serve, wantedTimes } from './protocol.mjs'

/** @type {any} */
let bunny

await serve({
  about: async () => {
    bunny = await import('mediabunny')
    const { registerMediabunnyServer } = /** @type {any} */ (await import('@mediabunny/server'))
    registerMediabunnyServer()
    const version = (/** @type {string} */ name) =>
      JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
    return `mediabunny ${version('mediabunny')}, @mediabunny/server ${version('@mediabunny/server')}, node-av ${version('node-av')}, Node ${process.version}`
  },
  pictures,
})

/** @param {import('./protocol.mjs').Ask} ask @returns {AsyncGenerator<import('./protocol.mjs').Picture>} */
async function* pictures(ask) {
  const { input, track } = await open(ask.file)
  const start = await track.getFirstTimestamp()
  const times = ask.frames === 'keyframes' ? await keyTimes(track, start, ask.end) : ask.frames === 'first' ? [0] : wantedTimes(ask)
  if (ask.variant !== 'two-at-once' || times === null) {
    yield* samplesOf(track, start, times, ask)
  } else {
    // Decoding is one thread to a decoder here: two of them, each with half of the times, use two cores.
    const half = Math.ceil(times.length / 2)
    const other = await open(ask.file)
    const later = collect(samplesOf(other.track, start, times.slice(half), ask))
    yield* samplesOf(track, start, times.slice(0, half), ask)
    yield* await later
    other.input.dispose()
  }
  input.dispose()
}

/** @param {string} file */
async function open(file) {
  const input = new bunny.Input({ formats: bunny.ALL_FORMATS, source: new bunny.FilePathSource(file) })
  return { input, track: await input.getPrimaryVideoTrack() }
}

/** @param {any} track @param {number} start @param {readonly number[] | null} times @param {import('./protocol.mjs').Ask} ask */
async function* samplesOf(track, start, times, { end, width, height }) {
  const sink = new bunny.VideoSampleSink(track)
  // A time of a frame, rounded, may lie before the frame.
  const samples =
    times === null
      ? sink.samples(start, end === null ? undefined : end + start - 1e-6)
      : sink.samplesAtTimestamps(times.map((time) => time + start + 1e-5))
  for await (const sample of samples) {
    if (sample === null) continue
    const isSized = sample.codedWidth === width && sample.codedHeight === height
    const sized = isSized ? sample : await sample.transform({ width, height, fit: 'fill' })
    const data = new Uint8Array(width * height * 4)
    await sized.copyTo(data, { format: 'RGBA' })
    yield { timestamp: sample.timestamp - start, data, channels: /** @type {const} */ (4) }
    if (!isSized) sized.close()
    sample.close()
  }
}

/** @param {any} track @param {number} start @param {number | null} end */
async function keyTimes(track, start, end) {
  const sink = new bunny.EncodedPacketSink(track)
  const times = []
  for (let packet = await sink.getFirstKeyPacket(); packet !== null; packet = await sink.getNextKeyPacket(packet)) {
    if (end !== null && packet.timestamp - start >= end - 1e-6) break
    times.push(packet.timestamp - start)
  }
  return times
}

/** @template Value @param {AsyncIterable<Value>} values */
async function collect(values) {
  const all = []
  for await (const value of values) all.push(value)
  return all
}
