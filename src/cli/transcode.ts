// Owns the command line of `framemill transcode`: its flags, their help, and the examples.
import type { Command } from 'commander'
import { resolveSettingFlags } from './export-flags.js'
import type { SettingFlags } from './export-flags.js'
import { time } from './flag-values.js'
import type { Session } from './session.js'
import { addSettingFlags } from './setting-flags.js'

const examples = `
Examples:
  framemill transcode talk.mov talk.mp4                                        another container: packets are copied
  framemill transcode talk.mp4 small.mp4 --width 1280 --crf 26                 smaller
  framemill transcode talk.mp4 talk.webm --encoder libvpx-vp9 --bitrate 1500k  another codec
  framemill transcode talk.mp4 part.mp4 --start 1:00 --end 2:00 --mode copy    a part of it

The name of the output says its format: .mp4, .mov, .mkv or .webm. Times are seconds (12.5), M:SS or H:MM:SS.fff.
Exit codes: 0 done, 1 it failed, 2 misuse, 130 interrupted.`

interface TranscodeFlags extends SettingFlags {
  readonly start?: number
  readonly end?: number
  readonly title?: string
}

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addTranscodeCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  const command = program
    .command('transcode')
    .summary('make another file of a whole video')
    .description('Makes another file of a video: container, codec, size, sound. Long videos are encoded in parts, on every core.')
    .argument('<file>', 'path or http(s) URL of a video')
    .argument('<output>', 'the file to make')
    .optionsGroup('Which part:')
    .option('--start <time>', 'from here on', time)
    .option('--end <time>', 'up to but not including here', time)
    .option('--title <text>', 'the title tag')
  addSettingFlags(command)
    .addHelpText('after', examples)
    .action(async (file: string, output: string, { start, end, title, ...flags }: TranscodeFlags) => {
      const request = resolveSettingFlags(flags)
      // Help and misuse answer without loading the engine.
      const { runExport } = await import('./export-job.js')
      setExitCode(await runExport(request, session, (engine, run) => engine.transcode(file, output, { ...run, start, end, title })))
    })
}
