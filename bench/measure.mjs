// Owns running commands against the clock: wall seconds by this process's clock, CPU seconds of a command and all its children.
// @ts-check
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {readonly string[]} args
 *
 * @typedef {object} Timed
 * @property {number} wallSeconds from before the process starts until it is gone
 * @property {number} cpuSeconds user and system time
 * @property {string} output
 */

// The shell's own "times" tells the CPU time of the children it has waited for: the same clock for both sides of a pair.
const timing = '"$@" 3>&-; code=$?; times >&3; exit $code'

/**
 * Runs a command to the end on the cores of the benchmark, or with `pinned: false` on all that there are.
 * @param {Command} command
 * @param {{ pinned?: boolean, onStart?: (pid: number) => void }} [options] onStart hears of the process whose descendant the command is
 * @returns {Promise<Timed>}
 */
export async function timeCommand({ program, args }, { pinned = true, onStart = () => undefined } = {}) {
  const started = performance.now()
  const child = spawn('/bin/sh', ['-c', timing, 'sh', ...(pinned ? coresPrefix : []), program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (child.pid !== undefined) onStart(child.pid)
  const output = gather(child.stdout)
  const errors = gather(child.stderr)
  const times = gather(child.stdio[3])
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const wallSeconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}\nended with exit code ${code}: ${errors.text().slice(-2000)}`)
  return { wallSeconds, cpuSeconds: childSeconds(times.text()), output: output.text() }
}

/**
 * Runs commands, `atOnce` at a time.
 * @param {readonly Command[]} commands
 * @param {number} atOnce
 * @returns {Promise<Timed>}
 */
export async function timeCommands(commands, atOnce) {
  const started = performance.now()
  /** @type {Timed[]} */
  const done = []
  const queue = commands.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const command of queue) done.push(await timeCommand(command))
    }),
  )
  const cpuSeconds = done.reduce((sum, timed) => sum + timed.cpuSeconds, 0)
  return { wallSeconds: (performance.now() - started) / 1000, cpuSeconds, output: '' }
}

/**
 * Pairs A B A B ... of runs.
 * @template {Timed} Run
 * @param {number} pairs
 * @param {() => Promise<Run>} ours
 * @param {() => Promise<Run>} theirs
 */
export async function runPairs(pairs, ours, theirs) {
  /** @type {{ ours: Run[], theirs: Run[] }} */
  const runs = { ours: [], theirs: [] }
  for (let pair = 0; pair < pairs; pair++) {
    runs.ours.push(await ours())
    runs.theirs.push(await theirs())
  }
  return runs
}

/** The second line of "times": minutes and seconds of user and of system time. @param {string} times */
function childSeconds(times) {
  const fields = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (fields.length !== 2) throw new Error(`Cannot read CPU times from "${times}"`)
  return fields.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

/** @param {any} stream */
function gather(stream) {
  /** @type {Buffer[]} */
  const chunks = []
  stream?.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk))
  return { text: () => Buffer.concat(chunks).toString() }
}

/** Cores that the timed commands share. */
export const benchmarkCores = 2
const coresPrefix = twoCores()

/** On a machine with more cores, both sides get the same two. @returns {string[]} */
function twoCores() {
  if (availableParallelism() <= benchmarkCores || !isOnPath('taskset')) return []
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  const ids = allowed.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
  return ids.length < benchmarkCores ? [] : ['taskset', '-c', ids.slice(0, benchmarkCores).join(',')]
}

/** @param {string} command */
function isOnPath(command) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
