// Owns exit codes and how a failure is told: one line on stderr, one JSON line on stdout when asked.
import { getSystemErrorMap } from 'node:util'
import { CommanderError } from 'commander'
import type { Stdout } from './stdout.js'

export const ExitCode = { done: 0, failed: 1, misuse: 2, interrupted: 130 } as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** A command line that cannot be meant: a flag that is missing, contradicts another or does not apply. */
export class Misuse extends Error {
  override readonly name = 'Misuse'
  readonly code = 'ERR_USAGE'
}

/** SIGINT or SIGTERM arrived. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly code = 'ABORT_ERR'
}

/** Whoever read our stdout has closed it: there is nobody left to work for, and nothing to report. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** An output could not be written. `code` is the system's (ENOSPC, EACCES, ...) or ERR_OUTPUT. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
  readonly code: string

  constructor(path: string, cause: unknown) {
    const { code, reason } = systemReason(cause)
    super(`Cannot write "${path}": ${reason}`, { cause })
    this.code = code ?? 'ERR_OUTPUT'
  }
}

/** A list that the command line names could not be read. `code` is the system's or ERR_INPUT. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly code: string

  constructor(path: string, cause: unknown) {
    const { code, reason } = systemReason(cause)
    super(`Cannot read "${path}": ${reason}`, { cause })
    this.code = code ?? 'ERR_INPUT'
  }
}

export interface FailureReport {
  readonly stdout: Stdout
  readonly stderr: NodeJS.WritableStream
  readonly json: boolean
}

/** Tells a failure and gives the exit code it stands for. Commander has printed its own complaints already. */
export function reportFailure(error: unknown, { stdout, stderr, json }: FailureReport): ExitCode {
  if (error instanceof ReaderGone) return ExitCode.done
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.done
  const message = messageOf(error)
  const code = codeOf(error)
  if (!(error instanceof CommanderError)) stderr.write(`framemill: ${message} (${code})\n`)
  if (json) void stdout.line(JSON.stringify({ type: 'error', code, message }))?.catch(() => undefined)
  return exitCodeOf(error)
}

/** TypeError and RangeError are how the API answers options it cannot accept. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Interrupted) return ExitCode.interrupted
  if (error instanceof CommanderError || error instanceof Misuse) return ExitCode.misuse
  return error instanceof TypeError || error instanceof RangeError ? ExitCode.misuse : ExitCode.failed
}

function codeOf(error: unknown): string {
  if (error instanceof CommanderError) return 'ERR_USAGE'
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return code
  return exitCodeOf(error) === ExitCode.misuse ? 'ERR_USAGE' : 'ERR_UNEXPECTED'
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
}

/** `code` is undefined when it was not the system that refused. */
function systemReason(cause: unknown): { code: string | undefined; reason: string } {
  if (!(cause instanceof Error)) return { code: undefined, reason: String(cause) }
  const errno = 'errno' in cause && typeof cause.errno === 'number' ? cause.errno : undefined
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  return known === undefined ? { code: undefined, reason: cause.message } : { code: known[0], reason: known[1] }
}
