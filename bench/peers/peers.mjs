// Owns the list of peers: how each is started, in which variants, what it cannot do, and which of its differences are known.
// @ts-check
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ffmpegCommand, ffmpegVariants } from './ffmpeg-ways.mjs'

const run = promisify(execFile)

/** @typedef {import('./adapters/protocol.mjs').Ask} Ask */
/** @typedef {import('./adapters/protocol.mjs').Request} Request */
/** @typedef {import('../measure.mjs').Command} Command */

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} title
 * @property {() => Promise<{ about: string } | { missing: string }>} about
 * @property {(request: Request) => readonly string[]} variants "default" first: as it comes; of the others the fastest is its best
 * @property {(ask: Ask) => Command} command
 * @property {(request: Request) => string | null} cannot why it cannot do that, null where it can
 * @property {{ least: number, why: string } | null} pixels decibels to our pictures that are enough, where they are fewer than the rule
 * @property {(what: import('./likeness.mjs').OtherFrames['what'], variant: string) => string | null} knownToDiffer why that difference is known: it fails no run
 */

/** Node.js for peers that need a newer one than this: from a package, where there is one for the machine. */
export function newerNode() {
  const packaged = fileURLToPath(new URL(`node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url))
  return existsSync(packaged) ? packaged : process.execPath
}

/** Debian's packages belong to Debian's Python, which is not always the first on the path. */
export function debianPython() {
  return existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
}

/**
 * @param {{ name: string, title: string, script: string | URL, program?: string, variants?: readonly string[], batchVariants?: readonly string[] }
 *   & Partial<Pick<Peer, 'cannot' | 'pixels' | 'knownToDiffer'>>} described
 * @returns {Peer}
 */
function adapterPeer({ name, title, script, program = process.execPath, variants = ['default'], batchVariants = variants, ...rest }) {
  const path = typeof script === 'string' ? script : fileURLToPath(script)
  const command = (/** @type {object} */ ask) => ({
    program,
    args: [...(program === process.execPath ? [] : pythonFlags(path)), path, JSON.stringify(ask)],
  })
  return {
    name,
    title,
    about: () => aboutFrom(command({ mode: 'about' })),
    variants: ({ batch = false }) => (batch ? batchVariants : variants),
    command,
    cannot: () => null,
    pixels: null,
    knownToDiffer: () => null,
    ...rest,
  }
}

/** No compiled files beside the adapters. @param {string} path */
function pythonFlags(path) {
  return extname(path) === '.py' ? ['-B'] : []
}

/** @param {string} file */
const adapter = (file) => new URL(`adapters/${file}`, import.meta.url)

/** Our own side: the first of every pair, and what everybody's frames are compared with. */
export const framemill = adapterPeer({ name: 'framemill', title: 'framemill', script: adapter('framemill.mjs') })

/** @type {readonly Peer[]} */
export const peers = [
  {
    ...adapterPeer({ name: 'ffmpeg', title: 'ffmpeg command', script: adapter('ffmpeg.mjs') }),
    variants: ffmpegVariants,
    command: (ask) =>
      ask.mode === 'time'
        ? ffmpegCommand(ask)
        : { program: process.execPath, args: [fileURLToPath(adapter('ffmpeg.mjs')), JSON.stringify(ask)] },
  },
  adapterPeer({
    name: 'node-av',
    title: 'node-av',
    script: adapter('node-av.mjs'),
    program: newerNode(),
    variants: ['default', 'threads-2', 'threads-4', 'threads-2-sync'],
    batchVariants: ['default', 'threads-2-sync', 'one-pass'],
  }),
  {
    ...adapterPeer({
      name: 'mediabunny',
      title: 'mediabunny + server',
      script: adapter('mediabunny.mjs'),
      program: newerNode(),
      pixels: { least: 25, why: 'scales before it converts, so that colours have half of the picture’s size' },
    }),
    variants: ({ frames }) => (frames === 'all' || frames === 'first' ? ['default'] : ['default', 'two-at-once']),
  },
  adapterPeer({
    name: 'webcodecs',
    title: '@napi-rs/webcodecs',
    script: adapter('webcodecs.mjs'),
    program: newerNode(),
    variants: ['default', 'sorted-times'],
    batchVariants: ['default', 'sorted-times', 'one-pass'],
    pixels: { least: 25, why: 'sharp’s cubic keeps less detail than swscale’s' },
    knownToDiffer: (what, variant) =>
      what === 'time' && variant === 'default'
        ? 'its decoder hands the packets’ times on in the order of decoding, so that with B-frames pictures have each other’s'
        : null,
  }),
  adapterPeer({
    name: 'opencv',
    title: 'OpenCV',
    script: adapter('opencv.py'),
    program: debianPython(),
    variants: ['default', 'threads-1', 'threads-2', 'threads-4'],
    batchVariants: ['default', 'one-pass'],
    pixels: { least: 25, why: 'INTER_AREA keeps less detail than a bicubic that averages, which OpenCV has not' },
    cannot: ({ frames }) => (frames === 'keyframes' ? 'VideoCapture does not tell which frames are key frames' : null),
  }),
  adapterPeer({
    name: 'pyav',
    title: 'PyAV',
    script: adapter('pyav.py'),
    program: debianPython(),
    variants: ['default', 'auto', 'auto-2', 'one-thread'],
    batchVariants: ['default', 'auto-2', 'one-pass'],
  }),
]

/** A peer of the user's own: a program that speaks the protocol. @param {string} path */
export function ownPeer(path) {
  const name = path.split('/').at(-1) ?? path
  return adapterPeer({ name, title: name, script: path, program: extname(path) === '.py' ? debianPython() : process.execPath })
}

/** @param {Command} command @returns {Promise<{ about: string } | { missing: string }>} */
async function aboutFrom({ program, args }) {
  try {
    const { stdout } = await run(program, [...args])
    return JSON.parse(stdout)
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
}
