// Owns compilations as files: makes each once, and proves that it has the frames that were planned.
// @ts-check
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { compilationArguments, planCompilation } from './compilations.mjs'
import { changeScores } from './shots.mjs'
import { verify } from './result.mjs'

const run = promisify(execFile)
const encoding = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p']

/**
 * @param {Parameters<typeof planCompilation>[0]} request
 * @param {{ keepIn: string, say: (line: string) => void }} options keepIn: a folder that exists
 * @returns {Promise<import('./compilations.mjs').Compilation & { file: string }>}
 */
export async function makeCompilation(request, { keepIn, say }) {
  const compilation = planCompilation(request)
  const args = [...compilationArguments(compilation), ...encoding]
  // Names of shots' files carry a hash of how they were made.
  const recipe = args.map((argument) => (argument.startsWith(keepIn) ? basename(argument) : argument)).join('\n')
  const file = join(keepIn, `compilation-${createHash('sha256').update(recipe).digest('hex').slice(0, 10)}.mp4`)
  if (!existsSync(file)) {
    say(`making ${basename(file)}`)
    const making = await mkdtemp(join(keepIn, 'making-'))
    try {
      const unfinished = join(making, 'compilation.mp4')
      await run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args, unfinished], { maxBuffer: 1 << 24 })
      await rename(unfinished, file)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
  }
  const { frames } = compilation.truth
  verify((await countFrames(file)) === frames, `${basename(file)} has the ${frames} frames that were planned`)
  return { ...compilation, file }
}

/** @param {string} file */
async function countFrames(file) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-count_packets'],
    ...['-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', file],
  ])
  return Number(stdout)
}

/** What ffmpeg's scdet gives every frame, whatever its threshold. @param {string} file */
export async function scdetScores(file) {
  const filters = 'scdet=t=100,metadata=print:key=lavfi.scd.score:file=-'
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-i', file, '-vf', filters, '-f', 'null', '-'], {
    maxBuffer: 1 << 28,
  })
  return changeScores(stdout)
}
