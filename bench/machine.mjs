// Owns the description of the machine and the software that figures belong to.
// @ts-check
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores CPUs this process may run on
 * @property {number} memoryGiB
 * @property {string} system
 * @property {string} node
 * @property {string} ffmpeg the command's version
 * @property {string} libraries the FFmpeg that framemill's addon runs on
 * @property {string} framemill
 * @property {number} loadBefore processes that wanted to run, averaged over the minute before
 */

/** @returns {Promise<Machine>} */
export async function describeMachine() {
  const { loadBinding } = await import('../dist/native/binding.js')
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const [firstLine = ''] = execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }).split('\n')
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    ffmpeg: /^ffmpeg version (\S+)/.exec(firstLine)?.[1] ?? firstLine,
    libraries: loadBinding().versions().ffmpeg,
    framemill: version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}
