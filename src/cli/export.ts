// Owns the command line of `framemill export`: its flags, their help, and the examples.
import type { Command } from 'commander'
import { resolveSettingFlags } from './export-flags.js'
import type { SettingFlags } from './export-flags.js'
import { wholeNumber } from './flag-values.js'
import type { Session } from './session.js'
import { addSettingFlags } from './setting-flags.js'

const examples = `
Examples:
  framemill export talk.mp4 --clips 1:00-1:20,2:00-2:30 --out clips         two clips, exact to the frame, hardly anything encoded
  framemill export talk.mp4 --clips clips.csv --out clips                   columns start, end, name, title; name and title as you like
  framemill export talk.mp4 --clips goal=12:04-12:31 --out . --mode smart   fit to be joined with others
  framemill export talk.mp4 --clips clips.json --out portrait --width 1080 --height 1920 --fit blurred
  framemill export talk.mp4 --clips clips.csv --out clips --existing skip --report report.json

A list of clips is START-END or NAME=START-END with commas between (no END: to the end of the video), a .csv file, a .json file
with an array of { start, end, name, title } and whatever a clip has of its own, or - for either of these on stdin. Times are
seconds (12.5), M:SS or H:MM:SS.fff. Files appear under their names only when they are whole.
Exit codes: 0 all clips are there, 1 some failed, 2 misuse, 130 interrupted: finished clips stay.`

interface ExportFlags extends SettingFlags {
  readonly clips: string
  readonly out: string
  readonly clipsAtOnce?: number
}

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addExportCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  const command = program
    .command('export')
    .summary('cut clips out of a video, and change them')
    .description('Cuts clips out of a video, exact to the frame and on every core; what can be copied is not encoded.')
    .argument('<file>', 'path or http(s) URL of a video')
    .usage('<file> --clips <list> --out <dir> [options]')
    .optionsGroup('Which clips, and where to:')
    .requiredOption('--clips <list>', 'a .csv or .json file, - for stdin, or the clips themselves, such as 1:00-1:20,goal=2:00-2:30')
    .requiredOption('--out <dir>', 'folder of the files; made where it is missing')
    .option('--clips-at-once <n>', 'at work at the same time (default: as many as keep the workers busy)', wholeNumber(1))
  addSettingFlags(command)
    .addHelpText('after', examples)
    .action(async (file: string, { clips: list, out, clipsAtOnce, ...flags }: ExportFlags) => {
      const request = resolveSettingFlags(flags)
      // Help and misuse answer without loading the engine.
      const { readClipList } = await import('./clip-list.js')
      const clips = await readClipList(list, process.stdin, session.stop.signal)
      const { runExport } = await import('./export-job.js')
      setExitCode(await runExport(request, session, (engine, run) => engine.exportClips(file, clips, { ...run, outDir: out, clipsAtOnce })))
    })
}
