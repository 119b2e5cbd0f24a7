// Shows the frames of the ffmpeg command, for the comparison only: what is timed is the command itself, without this process around it.
// @ts-check
import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { RawReader } from '../../compare.mjs'
import { isSought, passArguments, seekArguments, seekTime } from '../ffmpeg-ways.mjs'
import { serve } from './protocol.mjs'

const run = promisify(execFile)
const raw = ['-f', 'rawvideo', '-']

await serve({
  about: async () => {
    const { stdout } = await run('ffmpeg', ['-version'])
    return `ffmpeg ${/^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? ''}`
  },
  pictures: (ask) => (isSought(ask) ? sought(ask) : passed(ask)),
})

/** @param {import('./protocol.mjs').Ask} ask */
async function* sought(ask) {
  for (const time of ask.times ?? []) {
    const from = seekTime(time)
    const args = seekArguments(ask, from.toFixed(6), ['-v', 'error'], raw)
    const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 28 })
    yield { timestamp: NaN, data: stdout }
  }
}

/** @param {import('./protocol.mjs').Ask} ask */
async function* passed(ask) {
  // The fps filter gives its frames new times, those of the grid: what they were is not to be had behind it.
  const isTold = ask.frames !== 'grid'
  const args = passArguments(ask, ['-v', isTold ? 'info' : 'error'], raw, isTold ? 'showinfo=checksum=0,' : '')
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const reader = new RawReader(child.stdout)
  const lines = createInterface(child.stderr)[Symbol.asyncIterator]()
  for (;;) {
    const data = await reader.read(ask.width * ask.height * 3)
    if (data === null) break
    yield { timestamp: isTold ? await nextTime(lines) : NaN, data }
  }
  if ((await ended) !== 0) throw new Error(`ffmpeg ${args.join(' ')} failed`)
}

/** @param {AsyncIterator<string>} lines */
async function nextTime(lines) {
  for (;;) {
    const { value, done } = await lines.next()
    if (done === true) return NaN
    const time = /\bpts_time:([-\d.]+)/.exec(value)?.[1]
    if (time !== undefined) return Number(time)
  }
}
