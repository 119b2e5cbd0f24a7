// Owns how the ffmpeg command is called for each piece of work.
// @ts-check

/** @typedef {import('./adapters/protocol.mjs').Ask} Ask */
/** @typedef {import('../measure.mjs').Command} Command */

const quiet = ['-hide_banner', '-nostdin', '-nostats']

/** What each variant adds before the input, what it adds to the command, and how many seeks run at once. @type {Record<string, { decoder: string[], general: string[], atOnce: number }>} */
const variants = {
  default: { decoder: [], general: [], atOnce: 1 },
  'threads-1': { decoder: ['-threads', '1'], general: [], atOnce: 1 },
  'threads-2': { decoder: ['-threads', '2'], general: [], atOnce: 1 },
  'threads-4': { decoder: ['-threads', '4'], general: [], atOnce: 1 },
  'threads-2-filters-1': { decoder: ['-threads', '2'], general: ['-filter_threads', '1'], atOnce: 1 },
  'one-pass': { decoder: ['-threads', '2'], general: [], atOnce: 1 },
  'two-at-once': { decoder: ['-threads', '1'], general: [], atOnce: 2 },
}

/** Variants worth trying. @param {import('./adapters/protocol.mjs').Request} request */
export function ffmpegVariants({ frames, batch = false }) {
  if (batch) return ['default', 'two-at-once', 'one-pass']
  if (frames === 'times') return ['default', 'threads-1', 'two-at-once']
  if (frames === 'first') return ['default', 'threads-1']
  return ['default', 'threads-1', 'threads-2', 'threads-4', 'threads-2-filters-1']
}

/**
 * The command that does the work and drops the pictures once they are RGB24 in memory: it is charged for no pipe and no disk.
 * @param {Ask} ask @returns {Command}
 */
export function ffmpegCommand(ask) {
  if (!isSought(ask)) return { program: 'ffmpeg', args: passArguments(ask, ['-v', 'error'], ['-f', 'null', '-']) }
  // A seek is a command of its own. The shell's own list of times, so that no file is needed.
  const { atOnce } = variantOf(ask)
  const seeks = (ask.times ?? []).map((time) => seekTime(time).toFixed(6)).join('\\n')
  const seek = seekArguments(ask, '{}', ['-v', 'error'], ['-f', 'null', '-']).map((argument) =>
    argument === ask.file ? '"$0"' : `'${argument}'`,
  )
  return { program: 'sh', args: ['-c', `printf '${seeks}\\n' | xargs -P ${atOnce} -I '{}' ffmpeg ${seek.join(' ')}`, ask.file] }
}

/** Whether each picture has a command of its own. @param {Ask} ask */
export function isSought({ frames, variant }) {
  return frames === 'times' && variant !== 'one-pass'
}

/** One pass over the file. @param {Ask} ask @param {readonly string[]} log @param {readonly string[]} output @param {string} [watch] a filter that sees the chosen frames */
export function passArguments(ask, log, output, watch = '') {
  const { decoder, general } = variantOf(ask)
  const skipping = ask.frames === 'keyframes' ? ['-skip_frame', 'nokey'] : []
  const range = ask.end === null ? [] : ['-t', String(ask.end)]
  // The frame at k / fps is the last one not after it: with "up", a frame counts from the first time that is not before it.
  const grid = ask.frames === 'grid' ? `fps=${ask.fps}:round=up,` : ''
  const picks = (ask.times ?? []).map((time) => `between(t\\,${seekTime(time)}\\,${time + 0.001})`)
  const chosen = ask.frames === 'times' ? `select=${picks.join('+')},` : grid
  const frames = { first: 1, times: picks.length, grid: Math.ceil((ask.end ?? 0) * (ask.fps ?? 1) - 1e-6), keyframes: 0, all: 0 }[
    ask.frames
  ]
  const most = frames === 0 ? [] : ['-frames:v', String(frames)]
  const input = [...general, ...decoder, ...skipping, ...range, '-i', ask.file, '-map', '0:v:0']
  return [...quiet, ...log, ...input, '-vf', `${chosen}${watch}${conversion(ask)}`, '-fps_mode', 'passthrough', ...most, ...output]
}

/** One frame. @param {Ask} ask @param {string} time @param {readonly string[]} log @param {readonly string[]} output */
export function seekArguments(ask, time, log, output) {
  const { decoder, general } = variantOf(ask)
  const input = [...general, ...decoder, '-ss', time, '-i', ask.file, '-map', '0:v:0']
  return [...quiet, ...log, ...input, '-frames:v', '1', '-vf', conversion(ask), ...output]
}

/** The first frame from here on is the one that starts at `time`, however that was rounded. @param {number} time */
export function seekTime(time) {
  return Math.max(0, time - 0.001)
}

/** @param {Ask} ask */
function conversion({ width, height, matrix }) {
  return `scale=${width}:${height}${matrix === null ? '' : `:in_color_matrix=${matrix}`},format=rgb24`
}

/** @param {Ask} ask */
function variantOf({ variant }) {
  const found = variants[variant]
  if (found === undefined) throw new Error(`ffmpeg has no variant ${variant}`)
  return found
}
