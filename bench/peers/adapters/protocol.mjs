// Owns how the benchmark and an adapter talk. An adapter does the work for one peer, in a process of its own, and may be written in any language.
// @ts-check
//
// It is called with one argument, a JSON object, the Ask below.
//
//   mode "about"    prints {"about": "name and version of all that does the work"}, or {"missing": "what is not installed"}
//   mode "verify"   writes the frames to stdout, in the order of the request: for each a header of 16 bytes, little-endian (presentation time
//                   in seconds as float64, NaN where the peer does not tell it; width and height as uint32), then width * height * 3 bytes RGB
//   mode "time"     does the work and prints {"frames": how many, "seconds": from opening the file to the first frame in memory}
//
// In mode "time" each picture has to be in memory as its user would hold it: RGB24, or RGBA where the peer knows nothing else (nobody is
// charged for dropping alpha). Whoever is asked for a batch puts the pictures into one array.
//
// It ends with exit code 0; anything else is a failure, explained on stderr.

/**
 * @typedef {object} Request which frames, and what they should look like
 * @property {'grid' | 'times' | 'keyframes' | 'all' | 'first'} frames
 * @property {number} [fps] grid: at k / fps the frame on screen then, the last that starts no later
 * @property {number[]} [times] times: seconds, ascending, each a frame's own time
 * @property {number | null} end grid, keyframes, all: seconds at which to stop, not included; null for the end of the file
 * @property {number} width
 * @property {number} height pictures are stretched to the size; bicubic, where there is a choice
 * @property {boolean} [batch] all pictures in one array
 * @property {string | null} matrix the colour matrix, where the file names none but its size implies it; else null
 *
 * @typedef {{ mode: 'about' | 'verify' | 'time', file: string, variant: string } & Request} Ask
 *
 * @typedef {object} Picture
 * @property {number} timestamp seconds
 * @property {Uint8Array} data
 * @property {3 | 4} [channels] 3 unless said
 * @property {boolean} [inBatch] lies in the one array already
 */

/**
 * The whole life of an adapter written in JavaScript.
 * @param {object} adapter
 * @param {() => Promise<string>} adapter.about loads what does the work; throws where it is not installed
 * @param {(ask: Ask) => AsyncIterable<Picture>} adapter.pictures data may be overwritten once the next one is asked for
 */
export async function serve({ about, pictures }) {
  /** @type {Ask} */
  const ask = JSON.parse(process.argv[2] ?? '{}')
  if (ask.mode === 'about') {
    const answer = await about().then(
      (text) => ({ about: text }),
      // Where it was looked for is a folder of this machine, which no report should name.
      (error) => ({ missing: error instanceof Error ? (error.message.split(/\n| imported from /)[0] ?? '') : String(error) }),
    )
    process.stdout.write(JSON.stringify(answer))
    return
  }
  await about()
  if (ask.mode === 'verify') await writeAll(pictures(ask), ask)
  else process.stdout.write(JSON.stringify(await holdAll(pictures(ask), ask)))
}

/** @param {AsyncIterable<Picture>} pictures @param {Ask} ask */
async function writeAll(pictures, { width, height }) {
  for await (const { timestamp, data, channels = 3 } of pictures) {
    const picture = channels === 3 ? data : withoutAlpha(data, new Uint8Array((data.length / 4) * 3))
    if (picture.length !== width * height * 3) throw new Error(`a picture of ${picture.length} bytes is not ${width}x${height}`)
    const header = Buffer.alloc(16)
    header.writeDoubleLE(timestamp, 0)
    header.writeUInt32LE(width, 8)
    header.writeUInt32LE(height, 12)
    process.stdout.write(header)
    // Once written it is not this process's any more, and the peer may write the next one into the same memory: so wait.
    await new Promise((resolve) => process.stdout.write(picture, resolve))
  }
}

/** @param {AsyncIterable<Picture>} pictures @param {Ask} ask */
async function holdAll(pictures, { width, height, batch = false, times = [] }) {
  const started = performance.now()
  const array = batch ? new Uint8Array(times.length * width * height * 3) : null
  let seconds = 0
  let frames = 0
  let touched = 0
  for await (const { data, channels = 3, inBatch = false } of pictures) {
    if (frames === 0) seconds = (performance.now() - started) / 1000
    if (array !== null && !inBatch) {
      const row = array.subarray(frames * width * height * 3, (frames + 1) * width * height * 3)
      if (channels === 3) row.set(data)
      else withoutAlpha(data, row)
    }
    // One byte of every page: memory that nobody reads need not have been written.
    for (let at = 0; at < data.length; at += 4096) touched += data[at] ?? 0
    frames++
  }
  return { frames, seconds, touched }
}

/** @param {Uint8Array} rgba @param {Uint8Array} rgb */
function withoutAlpha(rgba, rgb) {
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0
    rgb[to + 1] = rgba[from + 1] ?? 0
    rgb[to + 2] = rgba[from + 2] ?? 0
  }
  return rgb
}

/**
 * Decoded frames become the request's frames: each is held until its successor tells how long it is on screen.
 * @template Frame
 * @param {AsyncIterable<{ timestamp: number, frame: Frame }>} decoded ascending
 * @param {Ask} ask
 * @param {(frame: Frame) => void} release called once for every frame
 * @returns {AsyncGenerator<{ timestamp: number, frame: Frame }>}
 */
export async function* chosen(decoded, ask, release) {
  const wanted = wantedTimes(ask)
  const within = (/** @type {number} */ timestamp) => ask.end === null || timestamp < ask.end - 1e-6
  let next = 0
  /** @type {{ timestamp: number, frame: Frame } | null} */
  let held = null
  for await (const { timestamp, frame } of decoded) {
    if (wanted === null) {
      if (within(timestamp)) yield { timestamp, frame }
      release(frame)
      if (ask.frames === 'first' || !within(timestamp)) return
      continue
    }
    const before = held
    held = { timestamp, frame }
    if (before === null) continue
    for (; (wanted[next] ?? Infinity) < timestamp - 1e-6; next++) yield before
    release(before.frame)
    if (next >= wanted.length) break
  }
  if (held === null) return
  for (; next < (wanted?.length ?? 0) && ask.end === null; next++) yield held
  release(held.frame)
}

/** Times to take pictures at; null: every frame. @param {Ask} ask */
export function wantedTimes({ frames, fps = 1, times = [], end }) {
  if (frames === 'times') return times
  if (frames !== 'grid') return null
  if (end === null) throw new Error('a grid needs an end')
  return Array.from({ length: Math.ceil(end * fps - 1e-6) }, (_, k) => k / fps)
}
