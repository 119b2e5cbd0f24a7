// Owns compilations with known cuts: which pieces of which shots follow each other, how they are joined, and the ffmpeg arguments that make
// them. What is true of one is known because it was planned, not because anything looked at it. Pure.
// @ts-check
import { randomNumbers } from './statistics.mjs'

/**
 * @typedef {object} Shot a stretch of a clip without a cut inside
 * @property {string} clip
 * @property {string} file brought to {@link plateSize} and the compilation's rate
 * @property {number} first frame of the file
 * @property {number} frames
 *
 * @typedef {'still' | 'pan' | 'zoom' | 'shake'} Camera
 *
 * @typedef {object} Flash
 * @property {number} at frame of the piece
 * @property {readonly number[]} strengths of white, one for each frame
 *
 * @typedef {object} Piece
 * @property {Shot} shot
 * @property {number} first frame of the shot's file
 * @property {number} frames
 * @property {string} view filters that make a picture of {@link pictureSize} out of a plate's
 * @property {Camera} camera
 * @property {boolean} mirrored
 * @property {Flash | null} flash
 *
 * @typedef {object} Join how a piece follows the one before
 * @property {'cut' | 'fade' | 'dissolve'} kind
 * @property {number} frames of a dissolve, or of each side of a fade
 * @property {number} hold frames of a fade between the two
 * @property {'black' | 'white'} color of a fade
 *
 * @typedef {object} Truth all in frames of the compilation
 * @property {number} frames
 * @property {number[]} cuts first frames of pieces that follow by a cut
 * @property {{ kind: 'fade' | 'dissolve', start: number, end: number }[]} transitions end: not included
 * @property {{ start: number, end: number }[]} flashes
 * @property {{ start: number, end: number }[]} motion long stretches of camera motion between transitions
 *
 * @typedef {object} Compilation
 * @property {number} rate frames per second
 * @property {Piece[]} pieces
 * @property {Join[]} joins one fewer than pieces
 * @property {Truth} truth
 */

export const plateSize = { width: 960, height: 540 }
export const pictureSize = { width: 640, height: 360 }

/** Shares of the ways in which pieces follow each other; the rest are cuts. */
const shares = { dissolve: 0.15, fade: 0.09 }
/** Of a piece besides its transitions. */
const leastSeconds = 0.7
const shareOfFlashes = 0.15
const shareOfCameras = { pan: 0.14, zoom: 0.08, shake: 0.08 }
const shareOfLongMotion = 0.06

/**
 * The same compilation for the same seed and shots. No two pieces that follow each other are of one clip.
 * @param {{ shots: readonly Shot[], rate: number, joins: number, seed: number, isFilm?: boolean }} request isFilm: nothing but cuts, between
 *   longer pieces as they were shot
 * @returns {Compilation}
 */
export function planCompilation({ shots, rate, joins: count, seed, isFilm = false }) {
  const random = randomNumbers(seed)
  for (let warm = 0; warm < 8; warm++) random() // neighbouring seeds begin alike
  const within = (/** @type {number} */ low, /** @type {number} */ high) => low + (high - low) * random()
  const frames = (/** @type {number} */ low, /** @type {number} */ high) => Math.round(within(low, high) * rate)
  /** @type {Join[]} */
  const joins = []
  while (joins.length < count) {
    const kind = isFilm ? 1 : random()
    // ffmpeg's xfade loses a frame of what another xfade gives: no two dissolves in a row.
    if (kind < shares.dissolve && joins.at(-1)?.kind !== 'dissolve')
      joins.push({ kind: 'dissolve', frames: frames(0.4, 1.6), hold: 0, color: 'black' })
    else if (kind >= shares.dissolve && kind < shares.dissolve + shares.fade)
      joins.push({ kind: 'fade', frames: frames(0.3, 0.8), hold: frames(0, 0.4), color: random() < 0.75 ? 'black' : 'white' })
    else joins.push({ kind: 'cut', frames: 0, hold: 0, color: 'black' })
  }
  /** @type {Piece[]} */
  const pieces = []
  for (let at = 0; at <= count; at++) {
    const before = joins[at - 1]
    const after = joins[at]
    const inTransition = (before?.frames ?? 0) + (after === undefined ? 0 : after.frames + after.hold)
    const isLong = !isFilm && random() < shareOfLongMotion
    const wanted = inTransition + (isLong ? frames(6, 9) : isFilm ? frames(2, 9) : frames(0.8, 3))
    const others = shots.filter(({ clip }) => clip !== pieces.at(-1)?.shot.clip)
    const length = others.some((one) => one.frames >= wanted) ? wanted : Math.max(0, ...others.map((one) => one.frames))
    if (length < inTransition + leastSeconds * rate)
      throw new RangeError(`Expected shots of ${wanted} frames of more than one clip but received ${shots.length} shots`)
    const long = others.filter((one) => one.frames >= length)
    const shot = pick(long, random)
    const camera = isLong ? (random() < 0.6 ? 'pan' : 'zoom') : isFilm ? 'still' : pickCamera(random())
    const room = length - inTransition
    const hasFlash = !isLong && !isFilm && room > 1.2 * rate && random() < shareOfFlashes
    const strengths = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => Number((within(0.75, 1) * 0.75 ** i).toFixed(2)))
    pieces.push({
      shot,
      first: shot.first + Math.floor(random() * (shot.frames - length + 1)),
      frames: length,
      view: viewOf(camera, { length, rate, within }),
      camera,
      mirrored: random() < 0.5,
      flash: hasFlash ? { at: (before?.frames ?? 0) + Math.round(room * within(0.4, 0.6)), strengths } : null,
    })
  }
  return { rate, pieces, joins, truth: truthOf(pieces, joins, 5 * rate) }
}

/** One of the clips, then one of its shots: clips with many shots are seen no more often. @param {readonly Shot[]} shots @param {() => number} random */
function pick(shots, random) {
  const clips = [...new Set(shots.map(({ clip }) => clip))]
  const clip = clips[Math.floor(random() * clips.length)]
  const own = shots.filter((shot) => shot.clip === clip)
  const shot = own[Math.floor(random() * own.length)]
  if (shot === undefined) throw new RangeError('Expected shots but received none')
  return shot
}

/** @param {number} at 0 to 1 @returns {Camera} */
function pickCamera(at) {
  const { pan, zoom, shake } = shareOfCameras
  if (at < pan) return 'pan'
  if (at < pan + zoom) return 'zoom'
  return at < pan + zoom + shake ? 'shake' : 'still'
}

/** @param {Camera} camera @param {{ length: number, rate: number, within: (low: number, high: number) => number }} motion @returns {string} */
function viewOf(camera, { length, rate, within }) {
  const { width, height } = pictureSize
  const scaled = `scale=${width}:${height}`
  const size = camera === 'still' ? within(0.9, 1.4) : within(0.75, 1.1)
  const [w, h] = [even(width * size), even(height * size)]
  const crop = (/** @type {string} */ x, /** @type {string} */ y) => `crop=${w}:${h}:x='(iw-ow)*(${x})':y='(ih-oh)*(${y})',${scaled}`
  const place = () => within(0, 1).toFixed(3)
  switch (camera) {
    case 'still':
      return crop(place(), place())
    case 'pan': {
      const [from, to] = within(0, 1) < 0.5 ? [0, 1] : [1, 0]
      return crop(`${from}+${to - from}*n/${length}`, `${place()}+0.25*sin(n/${length}*3)`)
    }
    case 'shake':
      return crop(`0.5+0.3*sin(n*${within(0.2, 0.6).toFixed(3)})`, `0.5+0.3*cos(n*${within(0.2, 0.5).toFixed(3)})`)
    case 'zoom': {
      const growth = within(0.3, 0.9).toFixed(2)
      const share = within(0, 1) < 0.5 ? `on/${length}` : `(1-on/${length})`
      return `zoompan=z='1.2+${growth}*${share}':d=1:x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':s=${width}x${height}:fps=${rate}`
    }
  }
}

/** @param {readonly Piece[]} pieces @param {readonly Join[]} joins @param {number} longFrames @returns {Truth} */
function truthOf(pieces, joins, longFrames) {
  /** @type {Truth} */
  const truth = { frames: 0, cuts: [], transitions: [], flashes: [], motion: [] }
  let at = 0
  for (const [number, piece] of pieces.entries()) {
    const join = joins[number - 1]
    if (join?.kind === 'cut') truth.cuts.push(at)
    if (join?.kind === 'fade') truth.transitions.push({ kind: 'fade', start: at - join.frames - join.hold, end: at + join.frames })
    if (join?.kind === 'dissolve') {
      at -= join.frames
      truth.transitions.push({ kind: 'dissolve', start: at, end: at + join.frames })
    }
    const { flash } = piece
    if (flash !== null) truth.flashes.push({ start: at + flash.at, end: at + flash.at + flash.strengths.length })
    const after = joins[number]
    const own = { start: at + (join?.frames ?? 0) + 1, end: at + piece.frames - (after === undefined ? 0 : after.frames + after.hold) - 1 }
    if (piece.camera !== 'still' && own.end - own.start >= longFrames) truth.motion.push(own)
    at += piece.frames
  }
  return { ...truth, frames: at }
}

/**
 * Inputs and filters; the video is [v]. Each input begins half a frame early, so that rounding never loses its first frame.
 * @param {Compilation} compilation
 */
export function compilationArguments({ rate, pieces, joins }) {
  const inputs = pieces.flatMap(({ shot, first }) => ['-threads', '1', '-ss', String(Math.max(0, (first - 0.5) / rate)), '-i', shot.file])
  const graph = pieces.map((piece, at) => `[${at}:v]${pieceFilters(piece, joins[at - 1], joins[at], rate)}[p${at}]`)
  /** @type {string[]} */
  const groups = []
  let length = 0
  for (const [at, { frames }] of pieces.entries()) {
    const join = joins[at - 1]
    const last = groups.at(-1)
    if (join?.kind === 'dissolve' && last !== undefined) {
      const offset = ((length - join.frames) / rate).toFixed(6)
      graph.push(
        `[${last}][p${at}]xfade=transition=fade:duration=${(join.frames / rate).toFixed(6)}:offset=${offset},settb=1/${rate}[x${at}]`,
      )
      groups[groups.length - 1] = `x${at}`
      length += frames - join.frames
    } else {
      groups.push(`p${at}`)
      length = frames
    }
  }
  // What concat makes of durations is off by rounding, for which ffmpeg would show frames twice: they are numbered anew.
  const numbered = `settb=1/${rate},setpts=N,format=yuv420p`
  graph.push(`${groups.map((name) => `[${name}]`).join('')}concat=n=${groups.length}:v=1:a=0,${numbered}[v]`)
  return [...inputs, '-filter_complex', graph.join(';'), '-map', '[v]', '-r', String(rate)]
}

/** @param {Piece} piece @param {Join | undefined} before @param {Join | undefined} after @param {number} rate */
function pieceFilters({ frames, view, mirrored, flash }, before, after, rate) {
  const numbered = `setpts=N/${rate}/TB`
  return [
    `trim=end_frame=${frames}`,
    numbered,
    ...(mirrored ? ['hflip'] : []),
    view,
    ...(flash === null ? [] : flash.strengths.map((strength, i) => `drawbox=c=white@${strength}:t=fill:enable='eq(n,${flash.at + i})'`)),
    ...(before?.kind === 'fade' ? [`fade=in:0:${before.frames}:c=${before.color}`] : []),
    ...(after?.kind === 'fade' ? [`fade=out:${frames - after.frames - after.hold}:${after.frames}:c=${after.color}`] : []),
    `settb=1/${rate},setpts=N,fps=${rate},settb=1/${rate},setsar=1,format=yuv420p`,
  ].join(',')
}

/** @param {number} length */
function even(length) {
  return 2 * Math.round(length / 2)
}
