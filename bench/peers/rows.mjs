// Owns the rows of the comparison: one peer on one clip, its frames proven before its time counts.
// @ts-check
import { runPairs } from '../measure.mjs'
import { checkTimes, compareShown, leastLikeness, OtherFrames, rowStep, showFrames } from './likeness.mjs'
import { framemill } from './peers.mjs'
import { limited, sides, timed } from './timing.mjs'
import { expectedTimes } from './work.mjs'

/** @typedef {import('./peers.mjs').Peer} Peer */
/** @typedef {import('./adapters/protocol.mjs').Ask} Ask */
/** @typedef {import('./adapters/protocol.mjs').Request} Request */
/** @typedef {import('./timing.mjs').Sides} Sides */
/** @typedef {import('./likeness.mjs').Shown} Shown */

/**
 * @typedef {object} Row
 * @property {string} peer
 * @property {string} variant
 * @property {string} [against] the mode of framemill that it is measured beside, where there are several
 * @property {'default' | 'best' | 'only'} role only: its default is its best
 * @property {'measured' | 'not installed' | 'cannot' | 'other frames' | 'failed'} status only "measured" has figures
 * @property {string | null} reason why there are none
 * @property {boolean} fails whether the run has failed with it; a difference that is known has not
 * @property {readonly string[]} notes
 * @property {{ leastPsnr: number, medianPsnr: number } | { correlation: number } | null} likeness of pictures in decibels, or of curves
 * @property {string | null} command where it is one to repeat
 * @property {{ wall: Sides, cpu: Sides, memory: Sides | null, first: Sides | null } | null} figures seconds, seconds, MB, seconds
 *
 * @typedef {object} Subject
 * @property {string} file
 * @property {import('./work.mjs').Video} video
 * @property {Request} request
 * @property {boolean} timesFirstFrame
 *
 * @typedef {object} Settings
 * @property {number} pairs
 * @property {boolean} quick
 * @property {(line: string) => void} say
 */

/** Our own frames, held against ffprobe's packets: what everybody else's are compared with. @param {Subject} subject @returns {Promise<Shown[]>} */
export async function provenReference({ file, video, request }) {
  const expected = expectedTimes(video, request)
  const ours = await showFrames(
    framemill.command({ mode: 'verify', variant: 'default', file, ...request }),
    request,
    rowStep(expected.length, request),
  )
  checkTimes(ours, expected)
  return ours
}

/** The row of a peer that is not there. @param {Peer} peer @param {string} reason @returns {Row} */
export function missingRow(peer, reason) {
  return withoutFigures(peer, 'default', 'only', 'not installed', reason)
}

/**
 * A peer at its default, and at its best where that is another variant.
 * @param {Peer} peer @param {Subject} subject @param {readonly Shown[]} ours @param {Settings} settings
 * @returns {Promise<Row[]>}
 */
export async function rowsOf(peer, subject, ours, settings) {
  const refused = peer.cannot(subject.request)
  if (refused !== null) return [withoutFigures(peer, 'default', 'only', 'cannot', refused)]
  const [first = 'default', ...others] = peer.variants(subject.request)
  const byDefault = await proven(peer, first, subject, ours)
  const best = await bestOf(peer, byDefault, others, subject, ours, settings)
  const candidates =
    best === byDefault
      ? [{ ...best, role: /** @type {const} */ ('only') }]
      : [
          { ...byDefault, role: /** @type {const} */ ('default') },
          { ...best, role: /** @type {const} */ ('best') },
        ]
  const rows = []
  for (const row of candidates) rows.push(row.status === 'measured' ? await timedRow(peer, row, subject, ours.length, settings) : row)
  return rows
}

/** Share of the time by which a variant has to be faster than the default to be shown beside it. */
const leastGain = 0.05

/**
 * The fastest variant that gives the right frames.
 * @param {Peer} peer @param {Row} byDefault @param {readonly string[]} others @param {Subject} subject @param {readonly Shown[]} ours @param {Settings} settings
 */
async function bestOf(peer, byDefault, others, subject, ours, { quick, say }) {
  const tried = []
  for (const variant of quick ? others.slice(0, 1) : others) tried.push({ variant, seconds: await trial(peer, variant, subject) })
  if (tried.length === 0) return byDefault
  if (byDefault.status === 'measured') tried.push({ variant: byDefault.variant, seconds: await trial(peer, byDefault.variant, subject) })
  // A gain that is only noise makes no best.
  const worthwhile = (/** @type {string} */ variant) => (variant === byDefault.variant ? 1 : 1 + leastGain)
  tried.sort((a, b) => a.seconds * worthwhile(a.variant) - b.seconds * worthwhile(b.variant))
  say(`${peer.name}: ${tried.map(({ variant, seconds }) => `${variant} ${seconds.toFixed(2)} s`).join(', ')}`)
  for (const { variant } of tried) {
    if (variant === byDefault.variant) return byDefault
    const row = await proven(peer, variant, subject, ours)
    if (row.status === 'measured') return row
    say(`${peer.name} ${variant}: ${row.status}, ${row.reason}`)
  }
  return byDefault
}

/** Seconds after which a run tells enough at once. */
const longTrial = 1.5

/** Seconds of the better of two runs on a part of the work. @param {Peer} peer @param {string} variant @param {Subject} subject */
async function trial(peer, variant, { file, request }) {
  const { frames, times = [], end } = request
  const part =
    frames === 'times'
      ? { times: request.batch === true ? times : times.slice(0, 5) }
      : { end: Math.min(end ?? Infinity, frames === 'keyframes' ? 60 : 10) }
  const command = peer.command({ mode: 'time', variant, file, ...request, ...(frames === 'first' ? {} : part) })
  const seconds = await timeOrInfinity(command)
  return seconds < longTrial ? Math.min(seconds, await timeOrInfinity(command)) : seconds
}

/** A variant that fails is no best. @param {import('../measure.mjs').Command} command */
async function timeOrInfinity(command) {
  return limited(command).then(
    ({ wallSeconds }) => wallSeconds,
    () => Infinity,
  )
}

/** The row so far: whether the frames are the right ones. @param {Peer} peer @param {string} variant @param {Subject} subject @param {readonly Shown[]} ours @returns {Promise<Row>} */
async function proven(peer, variant, { file, video, request }, ours) {
  try {
    const shown = await showFrames(peer.command({ mode: 'verify', variant, file, ...request }), request, rowStep(ours.length, request))
    const limits = { frameSeconds: video.end / video.ticks.length, least: peer.pixels?.least ?? leastLikeness }
    const { leastPsnr, medianPsnr, toldTimes, otherMatrix } = compareShown(ours, shown, limits)
    const notes = [
      ...(toldTimes ? [] : ['tells no presentation times: its frames are known by their pixels alone']),
      ...(otherMatrix ? ['converts by BT.601 what is BT.709; compared with our pictures converted alike'] : []),
      ...(peer.pixels !== null && leastPsnr < leastLikeness ? [peer.pixels.why] : []),
    ]
    const row = withoutFigures(peer, variant, 'only', 'measured', null)
    return { ...row, notes, likeness: { leastPsnr, medianPsnr }, command: repeatable(peer, { mode: 'time', variant, file, ...request }) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (!(error instanceof OtherFrames)) return withoutFigures(peer, variant, 'only', 'failed', reason)
    const known = peer.knownToDiffer(error.what, variant)
    const row = withoutFigures(peer, variant, 'only', 'other frames', known === null ? reason : `${reason}; known: ${known}`)
    return { ...row, fails: known === null }
  }
}

/** @param {Peer} peer @param {Row} row @param {Subject} subject @param {number} frames @param {Settings} settings @returns {Promise<Row>} */
async function timedRow(peer, row, { file, request, timesFirstFrame }, frames, { pairs, say }) {
  const own = framemill.command({ mode: 'time', variant: 'default', file, ...request })
  const theirs = peer.command({ mode: 'time', variant: row.variant, file, ...request })
  try {
    const runs = await runPairs(
      pairs,
      () => measured(own, frames),
      () => measured(theirs, frames),
    )
    const wall = sides('wall time', 's', runs, ({ wallSeconds }) => wallSeconds)
    const cpu = sides('CPU time', 's', runs, ({ cpuSeconds }) => cpuSeconds)
    const memory = sides('peak of resident memory', 'MB', runs, ({ peakBytes }) => (peakBytes === null ? NaN : peakBytes / 1e6))
    const first = timesFirstFrame
      ? sides('first frame, without the start of the process', 's', runs, ({ firstSeconds }) => firstSeconds ?? NaN)
      : null
    if (wall === null || cpu === null) throw new Error('there is no time')
    say(`${peer.name} ${row.variant}: wall ${wall.ratio.median.toFixed(2)}, CPU ${cpu.ratio.median.toFixed(2)}`)
    return { ...row, figures: { wall, cpu, memory, first } }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return withoutFigures(peer, row.variant, row.role, 'failed', reason)
  }
}

/** @param {import('../measure.mjs').Command} command @param {number} frames */
async function measured(command, frames) {
  const run = await timed(command)
  // A plain command tells nothing; its frames have been seen.
  const told = run.output.trim() === '' ? null : JSON.parse(run.output)
  if (told !== null && told.frames !== frames) throw new Error(`a timed run gave ${told.frames} frames instead of ${frames}`)
  return { ...run, firstSeconds: told?.seconds ?? null }
}

/** @param {Peer} peer @param {string} variant @param {Row['role']} role @param {Row['status']} status @param {string | null} reason @returns {Row} */
function withoutFigures(peer, variant, role, status, reason) {
  return {
    peer: peer.name,
    variant,
    role,
    status,
    reason,
    fails: status === 'failed',
    notes: [],
    likeness: null,
    command: null,
    figures: null,
  }
}

/** Plain commands can be repeated by hand. @param {Peer} peer @param {Ask} ask */
function repeatable(peer, ask) {
  const { program, args } = peer.command(ask)
  return program === 'ffmpeg' ? [program, ...args.map((argument) => (argument === ask.file ? 'FILE' : argument))].join(' ') : null
}
