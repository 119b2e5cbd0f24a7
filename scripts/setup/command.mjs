// Owns how the set-up runs other programs: quietly, with all their output only when they fail.

import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A set-up that cannot go on; its message is one line for the user. */
export class SetupError extends Error {}

export function say(line) {
  process.stderr.write(`setup: ${line}\n`)
}

/** Runs to the end. A non-zero exit prints what the program wrote and throws a SetupError that names `task`. */
export async function run(task, command, args, { cwd = process.cwd(), env = process.env } = {}) {
  const { code, output, cause } = await capture(command, args, { cwd, env })
  if (code === 0) return
  process.stderr.write(output)
  const why = cause === undefined ? `exit code ${code}, its output is above` : cause.message
  throw new SetupError(`${task} went wrong in "${[command, ...args].join(' ')}" (${why})`)
}

/** Runs to the end and returns the exit code (null when it did not start or a signal ended it) and what it wrote. Never rejects. */
export function capture(command, args, { cwd = process.cwd(), env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    const finish = (code, cause) => resolve({ code, cause, output: Buffer.concat(chunks).toString() })
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => finish(null, error))
    child.on('close', (code, signal) => finish(code, code === null ? new Error(`ended by ${signal}`) : undefined))
  })
}

/** Runs with this terminal and returns the exit code. The program decides what an interrupt means, and its answer counts. */
export function passThrough(command, args, { cwd = process.cwd(), env = process.env, onOutput } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', onOutput === undefined ? 'inherit' : 'pipe', 'inherit'] })
    const stayAlive = () => {} // Ctrl-C reaches the child too, from the terminal: sending it again would be a second one
    const forward = (signal) => child.kill(signal)
    process.on('SIGINT', stayAlive).on('SIGTERM', forward)
    if (onOutput !== undefined) child.stdout.setEncoding('utf8').on('data', onOutput)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', stayAlive).off('SIGTERM', forward)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}

export function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}
