// Owns the command `framemill`: its subcommands, version and help, and how commander speaks and ends.
import { Command } from 'commander'
import { addAnalyzeCommand } from './analyze.js'
import { ExitCode } from './failure.js'
import { addBenchCommand } from './bench.js'
import { addExportCommand } from './export.js'
import { addHighlightsCommand } from './highlights.js'
import { addProbeCommand } from './probe.js'
import { addSampleCommand } from './sample.js'
import type { Session } from './session.js'
import { addTranscodeCommand } from './transcode.js'
import { packageVersion } from '../version.js'

/** Runs one command line (as process.argv) and gives its exit code. Rejects with whatever made it fail, CommanderError for misuse. */
export async function runProgram(argv: readonly string[], session: Session): Promise<number> {
  let code: number = ExitCode.done
  const program = new Command('framemill')
    .description('Takes frames and clips out of videos, and finds what is in them, exactly and on every core.')
    .version(packageVersion())
    .exitOverride()
    .configureHelp({ helpWidth: process.stdout.isTTY ? Math.min(process.stdout.columns, 120) : 100 })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'framemill: ')) })
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      '\nExamples:\n  framemill probe talk.mp4\n  framemill sample talk.mp4 --count 12 --sheet talk.jpg\n  framemill export talk.mp4 --clips 1:00-1:20,2:00-2:30 --out clips\n  framemill analyze talk.mp4 --scenes --edl talk.edl\n  framemill highlights talk.mp4 --top 3 --export clips\n  framemill sample --help',
    )
  const setExitCode = (ended: number): void => {
    code = ended
  }
  addSampleCommand(program, session, setExitCode)
  addExportCommand(program, session, setExitCode)
  addTranscodeCommand(program, session, setExitCode)
  addAnalyzeCommand(program, session, setExitCode)
  addHighlightsCommand(program, session, setExitCode)
  addProbeCommand(program, session, setExitCode)
  addBenchCommand(program, session, setExitCode)
  await program.parseAsync(argv)
  return code
}
