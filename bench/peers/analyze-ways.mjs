// Owns how each side is called to measure a video, and how what it prints is read: framemill, OpenCV in several ways, ffmpeg's scdet.
// @ts-check
import { fileURLToPath } from 'node:url'
import { benchmarkCores } from '../measure.mjs'
import { highlightRate } from './analyze-work.mjs'
import { debianPython } from './peers.mjs'

/** @typedef {import('../measure.mjs').Command} Command */
/** @typedef {import('./analyze-work.mjs').Asked} Asked */

/**
 * @typedef {object} Curves one number for each picture
 * @property {readonly number[]} timestamp seconds
 * @property {readonly number[]} difference mean absolute difference of luma to the picture before; NaN for the first
 * @property {{ windowSeconds: number, rms: readonly number[] } | null} sound
 *
 * @typedef {object} Way
 * @property {string} peer
 * @property {string} name
 * @property {Asked} asked
 * @property {'own' | 'two-passes' | 'one-pass' | 'scdet'} kind ways of one kind differ in their settings alone
 * @property {(file: string) => Command} command
 * @property {string} readable for people to repeat it
 * @property {(output: string) => Curves} read
 * @property {boolean} isSlow two runs of it have to do
 */

/** Of our own side. @param {Asked} asked @returns {Way} */
export function framemillAnalysis(asked) {
  const options = asked === 'highlights' ? { fps: highlightRate } : { all: true, audio: false }
  return {
    ...{ peer: 'framemill', name: asked, asked, kind: 'own', isSlow: false, read: readJson },
    readable: `engine.analyze(FILE, ${JSON.stringify(options)})`,
    command: (file) => analysisCommand(file, options, true),
  }
}

/** A process with the engine as it comes, but for its cache. @param {string} file @param {object} options @param {boolean} curves it prints them @returns {Command} */
export function analysisCommand(file, options, curves) {
  const child = fileURLToPath(new URL('../child/analyze.mjs', import.meta.url))
  const engine = { cache: false, workers: benchmarkCores }
  return { program: process.execPath, args: [child, JSON.stringify({ file, engine, options, curves })] }
}

/** @returns {Way[]} */
export function analyzeWays() {
  return [
    { ...opencvWay('two passes, every frame read', 'two-passes', []), isSlow: true },
    opencvWay('one pass, a process for each core, one thread each', 'one-pass', ['OPENCV_FFMPEG_CAPTURE_OPTIONS=threads;1']),
    opencvWay('one pass, a process for each core', 'one-pass', []),
    scdetWay('scdet, 256 wide', [], 'scale=256:-2'),
    scdetWay('scdet, 256 wide, fast bilinear', [], 'scale=256:-2:flags=fast_bilinear'),
    scdetWay('scdet, 256 wide, two threads', ['-threads', '2'], 'scale=256:-2:flags=fast_bilinear'),
  ]
}

/** @param {string} name @param {'two-passes' | 'one-pass'} way @param {readonly string[]} environment @returns {Way} */
function opencvWay(name, way, environment) {
  const adapter = fileURLToPath(new URL('adapters/opencv-analyze.py', import.meta.url))
  return {
    ...{ peer: 'opencv', name, asked: 'highlights', kind: way, isSlow: false, read: readJson },
    readable: [...environment, 'python3 bench/peers/adapters/opencv-analyze.py', way].join(' '),
    command: (file) => ({
      program: 'env',
      args: [
        ...[...environment, debianPython(), '-B', adapter],
        JSON.stringify({ file, fps: highlightRate, way, processes: benchmarkCores }),
      ],
    }),
  }
}

/** @param {string} name @param {readonly string[]} decoder @param {string} scale @returns {Way} */
function scdetWay(name, decoder, scale) {
  const graph = `${scale},scdet=threshold=100,metadata=print:file=-`
  return {
    ...{ peer: 'ffmpeg', name, asked: 'scenes', kind: 'scdet', isSlow: false, read: readScores },
    readable: ['ffmpeg', ...decoder, `-i FILE -map 0:v:0 -vf '${graph}' -fps_mode passthrough -f null -`].join(' '),
    command: (file) => ({
      program: 'ffmpeg',
      args: [
        ...['-hide_banner', '-nostdin', '-nostats', '-v', 'error', ...decoder, '-i', file],
        ...['-map', '0:v:0', '-vf', graph, '-fps_mode', 'passthrough', '-f', 'null', '-'],
      ],
    }),
  }
}

/** @param {string} output @returns {Curves} */
function readJson(output) {
  const { timestamp, difference, sound } = JSON.parse(output)
  return { timestamp, difference: difference.map((/** @type {number | null} */ value) => value ?? NaN), sound }
}

/** What the filter "metadata" prints: a line for each picture, and one for each value. @param {string} output @returns {Curves} */
function readScores(output) {
  const values = (/** @type {RegExp} */ pattern) => [...output.matchAll(pattern)].map(([, value]) => Number(value))
  // Of the first picture there is nothing to compare, and mafd is 0.
  const [, ...rest] = values(/^lavfi\.scd\.mafd=(\S+)/gm)
  return { timestamp: values(/ pts_time:(\S+)/g), difference: [NaN, ...rest], sound: null }
}
