#!/usr/bin/env node
// Owns the process: argv in, exit code out.
import { ExitCode, reportFailure } from './failure.js'
import { runProgram } from './program.js'
import { Stdout } from './stdout.js'
import { Stop } from './stop.js'

async function main(): Promise<void> {
  const stop = new Stop()
  const stdout = new Stdout(process.stdout, stop.signal)
  // Stands until the work has ended: if a promise never settled, the process would otherwise end as though all were done.
  process.exitCode = ExitCode.failed
  try {
    process.exitCode = await runProgram(process.argv, { stop, stdout, stderr: process.stderr })
  } catch (error) {
    process.exitCode = reportFailure(stop.failure(error), { stdout, stderr: process.stderr, json: process.argv.includes('--json') })
  } finally {
    stop.dispose()
  }
  // A reader that has stopped reading would hold the process open until it takes the bytes still queued for it.
  if (process.exitCode === ExitCode.interrupted) process.exit()
}

void main()
