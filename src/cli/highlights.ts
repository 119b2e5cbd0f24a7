// Owns the command line of `framemill highlights`: its flags, their help, and the examples.
import { Option } from 'commander'
import type { Command } from 'commander'
import * as value from './flag-values.js'
import { highlightWeights, resolveHighlightFlags } from './highlight-flags.js'
import type { HighlightFlags } from './highlight-flags.js'
import type { Session } from './session.js'
import { addSettingFlags } from './setting-flags.js'

const examples = `
Examples:
  framemill highlights talk.mp4                                                    the five best parts of 20 s, each with the reason
  framemill highlights game.mp4 --top 3 --duration 15 --export clips               found and cut out, exact to the frame
  framemill highlights game.mp4 --export shorts --width 1080 --height 1920 --fit blurred --loudness -16
  framemill highlights gig.mp4 --highlight-weights motion=0,loudness=1 --json

Exported clips are called after the video and their rank, talk-highlight-1 being the best. What is exported can be changed with all flags
of framemill export. Exit codes: 0 done, 1 some or all work failed, 2 misuse, 130 interrupted: finished clips stay.`

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addHighlightsCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  const command = program
    .command('highlights')
    .summary('find the parts most worth seeing, and cut them out')
    .description('Finds the parts of a video that are most worth seeing, and cuts them out on request.')
    .argument('<file>', 'path or http(s) URL of a video')
    .usage('<file> [options] [--export <dir> [settings of the clips]]')
  addHighlightFlags(command)
    .addHelpText('after', examples)
    .action(async (file: string, flags: HighlightFlags) => {
      const request = resolveHighlightFlags(flags)
      // Help and misuse answer without loading the engine.
      const { runHighlights } = await import('./highlights-job.js')
      setExitCode(await runHighlights(file, request, session))
    })
}

/** Adds them, in their groups; the settings of clips are those of `export`. */
export function addHighlightFlags(command: Command): Command {
  command
    .optionsGroup('What is looked for:')
    .option('--top <n>', 'highlights, at most (default: 5)', value.wholeNumber(1))
    .option('--duration <seconds>', 'of a highlight (default: 20)', value.time)
    .option(
      '--highlight-weights <list>',
      'what counts how much: NAME=NUMBER of loudness, onsets, scenes, motion, silence',
      highlightWeights,
    )
    .option('--start <time>', 'from here on', value.time)
    .option('--end <time>', 'up to but not including here', value.time)
    .option('--sample-fps <rate>', 'frames that are looked at in a second (default: 2)', value.frameRate)
    .addOption(
      new Option('--quality <how>', 'of looking: exact (default); draft decodes faster and less exactly').choices(['exact', 'draft']),
    )
    .optionsGroup('What becomes of them:')
    .option('--export <dir>', 'folder of the clips; made where it is missing')
    .option('--clips-at-once <n>', 'at work at the same time (default: as many as keep the workers busy)', value.wholeNumber(1))
  return addSettingFlags(command)
}
