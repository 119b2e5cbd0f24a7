// Owns how the rival is called: ffmpeg commands that give the frames framemill gives, in every reasonable way of calling it.
// @ts-check
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const quiet = ['-hide_banner', '-nostdin', '-v', 'error']
const withoutPictures = ['-f', 'null', '-']

/** Raw frames on stdout, for comparison. */
export const rawToStdout = ['-f', 'rawvideo', '-']

/**
 * @typedef {object} Way one way to call ffmpeg
 * @property {string} name
 * @property {string} grid the filter that chooses the frames
 * @property {readonly string[]} decoder
 * @property {readonly string[]} filters
 */

/**
 * Ways to get the frames of a grid: filters x threads of the decoder x threads of the filters.
 * All decode every frame: -skip_frame would drop frames before the filter chooses.
 * @param {{ fps: number, frameStep: number | null }} grid frameStep: frames between two chosen ones where that never varies
 * @returns {Way[]}
 */
export function waysToSample({ fps, frameStep }) {
  // The frame at k / fps is the last one not after it: with "up", a frame counts from the first time that is not before it.
  const grids = [`fps=${fps}:round=up`, ...(frameStep === null ? [] : [`select=not(mod(n\\,${frameStep}))`])]
  const decoders = [[], ...['1', '2', '3', '4'].map((threads) => ['-threads', threads]), ['-threads', '2', '-thread_type', 'slice']]
  /** @type {Way[]} */
  const ways = decoders.map((decoder) => way(grids[0] ?? '', decoder, []))
  // One thing at a time changed from here: all products of all choices would take longer than the benchmark.
  ways.push(...grids.slice(1).map((grid) => way(grid, [], [])))
  ways.push(way(grids.at(-1) ?? '', ['-threads', '2'], ['-filter_threads', '1']), way(grids.at(-1) ?? '', [], ['-filter_threads', '2']))
  return ways
}

/** @param {string} grid @param {readonly string[]} decoder @param {readonly string[]} filters @returns {Way} */
function way(grid, decoder, filters) {
  return { name: [grid, ...decoder, ...filters].join(' '), grid, decoder, filters }
}

/**
 * @param {Way} way
 * @param {string} file
 * @param {{ width: number, matrix?: string | null, seconds?: number, from?: number, output?: readonly string[], frames?: number }} options
 * @returns {import('./measure.mjs').Command}
 */
export function sampleCommand({ grid, decoder, filters }, file, { width, matrix = null, seconds, from, output = withoutPictures, frames }) {
  const range = [...(from === undefined ? [] : ['-ss', String(from)]), ...(seconds === undefined ? [] : ['-t', String(seconds)])]
  const graph = `${grid},scale=${width}:-2${matrix === null ? '' : `:in_color_matrix=${matrix}`},format=rgb24`
  const most = frames === undefined ? [] : ['-frames:v', String(frames)]
  return {
    program: 'ffmpeg',
    args: [
      ...quiet,
      ...filters,
      ...decoder,
      ...range,
      '-i',
      file,
      '-map',
      '0:v:0',
      '-vf',
      graph,
      '-fps_mode',
      'passthrough',
      ...most,
      ...output,
    ],
  }
}

/**
 * The one frame at `seconds`, which must be a frame's own time.
 * @param {string} file @param {number} seconds
 * @param {{ width: number, decoder: readonly string[], output?: readonly string[] }} options
 * @returns {import('./measure.mjs').Command}
 */
export function seekCommand(file, seconds, { width, decoder, output = withoutPictures }) {
  return {
    program: 'ffmpeg',
    args: [
      ...quiet,
      ...decoder,
      '-ss',
      String(seconds),
      '-i',
      file,
      '-map',
      '0:v:0',
      '-frames:v',
      '1',
      '-vf',
      `scale=${width}:-2,format=rgb24`,
      ...output,
    ],
  }
}

/**
 * A command for people to read and repeat; the file's name only.
 * @param {import('./measure.mjs').Command} command @param {string} file
 */
export function readable({ program, args }, file) {
  return [program, ...args.map((argument) => (argument === file ? 'FILE' : /[()*,\\;]/.test(argument) ? `'${argument}'` : argument))].join(
    ' ',
  )
}

/**
 * Times of a video's packets in the order of presentation, as ffprobe has them: an oracle independent of framemill's own index.
 * @param {string} file
 * @returns {Promise<{ ticks: number[], keyTicks: number[], seconds: (ticks: number) => number, end: number, width: number, height: number, codec: string, matrix: string | null, bitsPerSecond: number }>}
 */
export async function probeVideo(file) {
  const entries = 'packet=pts,duration,flags:stream=time_base,width,height,codec_name,color_space:format=start_time,size'
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json', file], {
    maxBuffer: 1 << 28,
  })
  const { packets, streams, format } = JSON.parse(stdout)
  const [numerator, denominator] = streams[0].time_base.split('/').map(Number)
  const start = Number(format.start_time ?? 0)
  const seconds = (/** @type {number} */ ticks) => (ticks * numerator) / denominator - start
  const inOrder = packets.sort((/** @type {{ pts: number }} */ a, /** @type {{ pts: number }} */ b) => a.pts - b.pts)
  const ticksOf = (/** @type {{ pts: number }[]} */ some) => some.map(({ pts }) => pts)
  const end = seconds(
    Math.max(...packets.map((/** @type {{ pts: number, duration?: number }} */ { pts, duration }) => pts + (duration ?? 0))),
  )
  return {
    ticks: ticksOf(inOrder),
    keyTicks: ticksOf(inOrder.filter((/** @type {{ flags?: string }} */ { flags = '' }) => flags.startsWith('K'))),
    seconds,
    end,
    width: streams[0].width,
    height: streams[0].height,
    codec: streams[0].codec_name,
    matrix: untaggedMatrix(streams[0]),
    bitsPerSecond: (Number(format.size) * 8) / end,
  }
}

/**
 * ffmpeg takes BT.601 for every stream that names no colour matrix, players and framemill BT.709 from HD sizes upwards: there the
 * command has to say so. Null: nothing to say.
 * @param {{ color_space?: string, width: number, height: number }} stream
 */
function untaggedMatrix({ color_space: named = 'unknown', width, height }) {
  return named === 'unknown' && (width >= 1280 || height > 576) ? 'bt709' : null
}
