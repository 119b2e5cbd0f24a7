// npm run demo [-- FILE]: sets up, samples a video on the embedded pool into a contact sheet, and says how fast that went.

import { mkdirSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { ensureDemoClip } from './demo/clip.mjs'
import { passThrough, say, SetupError } from './setup/command.mjs'
import { root, setUp } from './setup.mjs'

const folder = join(root, 'demo-output')
const sheet = join(folder, 'contact-sheet.jpg')
// npm runs scripts in the checkout; a relative FILE means the folder the user typed it in.
const typedIn = process.env.INIT_CWD ?? process.cwd()

const [file, ...others] = process.argv.slice(2)
if (others.length > 0) {
  say(`the demo takes one FILE, not ${others.length + 1}`)
  process.exit(2)
}
await setUp()
mkdirSync(folder, { recursive: true })
process.exitCode = file === undefined ? await sampleOwnClip() : await sample(isUrl(file) ? file : resolve(typedIn, file), ['--count', '24'])

async function sampleOwnClip() {
  const clip = join(folder, 'clip.mp4')
  try {
    await ensureDemoClip(clip)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    return 1
  }
  return sample(clip, ['--fps', '2'])
}

async function sample(source, grid) {
  const cli = ['dist/cli/main.js', 'sample', source, ...grid, '--width', '320', '--sheet', sheet, '--json']
  let output = ''
  const code = await passThrough(process.execPath, cli, { cwd: root, onOutput: (text) => (output += text) })
  const summary = readSummary(output)
  if (code === 0 && summary !== null) process.stdout.write(`${report(source, summary)}\n`)
  return code
}

/** The last line that the command writes with --json; null when it wrote none. */
function readSummary(output) {
  const line = output.trimEnd().split('\n').at(-1) ?? ''
  try {
    const value = JSON.parse(line)
    return value.type === 'summary' ? value : null
  } catch {
    return null
  }
}

function report(source, { frames, wallSeconds, workers }) {
  return [
    `video    ${shown(source)}`,
    `picture  ${shown(sheet)}`,
    `speed    ${frames} frames in ${wallSeconds.toFixed(2)} s on ${workers} ${workers === 1 ? 'worker' : 'workers'}: ${(frames / wallSeconds).toFixed(0)} frames/s`,
  ].join('\n')
}

/** As the user would type it from where they are. */
function shown(path) {
  if (isUrl(path)) return path
  const short = relative(typedIn, path)
  return short.startsWith('..') || isAbsolute(short) ? path : short
}

function isUrl(text) {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text)
}
