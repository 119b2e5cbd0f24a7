// Owns the command `framemill`: its subcommands, version and help, and how commander speaks and ends.
import { Command } from 'commander'
import { ExitCode } from './failure.js'
import { addBenchCommand } from './bench.js'
import { addProbeCommand } from './probe.js'
import { addSampleCommand } from './sample.js'
import type { Session } from './session.js'
import { packageVersion } from '../version.js'

/** Runs one command line (as process.argv) and gives its exit code. Rejects with whatever made it fail, CommanderError for misuse. */
export async function runProgram(argv: readonly string[], session: Session): Promise<number> {
  let code: number = ExitCode.done
  const program = new Command('framemill')
    .description('Takes frames out of videos, exactly and on every core.')
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ helpWidth: process.stdout.isTTY ? Math.min(process.stdout.columns, 120) : 100 })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'framemill: ')) })
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      '\nExamples:\n  framemill probe talk.mp4\n  framemill sample talk.mp4 --count 12 --sheet talk.jpg\n  framemill sample --help',
    )
  const setExitCode = (ended: number): void => {
    code = ended
  }
  addSampleCommand(program, session, setExitCode)
  addProbeCommand(program, session, setExitCode)
  addBenchCommand(program, session, setExitCode)
  await program.parseAsync(argv)
  return code
}
