// Owns the command line of `framemill analyze`: its flags, their help, and the examples.
import { Option } from 'commander'
import type { Command } from 'commander'
import { resolveAnalyzeFlags } from './analyze-flags.js'
import type { AnalyzeFlags } from './analyze-flags.js'
import * as value from './flag-values.js'
import { addSceneFlags, sceneDetector } from './scene-flags.js'
import type { Session } from './session.js'

const examples = `
Examples:
  framemill analyze talk.mp4                                            the five parts most worth seeing, from two frames a second
  framemill analyze talk.mp4 --scenes                                   every cut, fade and dissolve, exact to the frame
  framemill analyze talk.mp4 --scenes content --threshold 30 --edl talk.edl --thumbnails scenes
  framemill analyze talk.mp4 --scenes --strategy fast --scene-list talk.csv --chapters talk.txt
  framemill analyze talk.mp4 --highlights --silences --html talk.html   one page to look at, which needs nothing else
  framemill analyze song.m4a --beats --silences --json                  sound alone
  framemill analyze talk.mp4 --fps 5 --csv talk.csv                     the measurements

Times are seconds (12.5), M:SS or H:MM:SS.fff, counted from the start of the video. Files appear under their names only when they are whole.
Exit codes: 0 done, 1 some or all work failed, 2 misuse, 130 interrupted.`

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addAnalyzeCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  const command = program
    .command('analyze')
    .summary('find scenes, highlights, silences and beats, and measure pictures and sound')
    .description(
      'Finds scenes, highlights, silences and beats of a video from one set of measurements.\nWithout saying what, it finds highlights.',
    )
    .argument('<file>', 'path or http(s) URL of a video')
    .usage('<file> [what to find] [options]')
  addAnalyzeFlags(command)
    .addHelpText('after', examples)
    .action(async (file: string, flags: AnalyzeFlags) => {
      const request = resolveAnalyzeFlags(flags)
      // Help and misuse answer without loading the engine and sharp.
      const { runAnalyze } = await import('./analyze-job.js')
      setExitCode(await runAnalyze(file, request, session))
    })
}

/** Adds them, in their groups. */
export function addAnalyzeFlags(command: Command): Command {
  addPartFlags(command)
  addStrategyFlags(addSceneFlags(command))
  addMeasureFlags(command)
  addOutputFlags(command)
  return addRunFlags(command)
}

function addPartFlags(command: Command): void {
  command
    .optionsGroup('What to find (any of these together):')
    .option('--scenes [detector]', 'cuts, fades and dissolves: adaptive (default), content, threshold, hash or histogram', sceneDetector)
    .option('--highlights', 'the parts most worth seeing')
    .option('--silences', 'where nothing is heard')
    .option('--beats', 'tempo and beats of music')
    .option('--black', 'where the picture is black')
    .option('--freeze', 'where the picture stands still')
    .option('--series', 'the measurements themselves, with --json')
    .optionsGroup('How highlights and silences are found:')
    .option('--top <n>', 'highlights, at most (default: 5)', value.wholeNumber(1))
    .option('--duration <seconds>', 'of a highlight (default: 20)', value.time)
    .option('--silence-noise <dB>', 'below this it is silent (default: -60)', value.anyNumber)
    .option('--silence-duration <seconds>', 'the shortest silence (default: 2)', value.time)
}

function addStrategyFlags(command: Command): void {
  command
    .addOption(
      new Option(
        '--strategy <how>',
        'full (default): every frame; fast: cuts only, where key frames and packet sizes hint at them',
      ).choices(['full', 'fast']),
    )
    .option('--verify', 'with --strategy fast: look at every frame all the same, and tell what fast got wrong')
}

function addMeasureFlags(command: Command): void {
  command
    .optionsGroup('What is measured (default: 2 frames a second; every frame for scenes, black and freeze):')
    .option('--fps <rate>', 'this many frames for every second; a number or a fraction such as 30000/1001', value.frameRate)
    .option('--every-frames <n>', 'every n-th frame', value.wholeNumber(1))
    .option('--all', 'every frame')
    .option('--start <time>', 'from here on', value.time)
    .option('--end <time>', 'up to but not including here', value.time)
    .option('--stream <index>', 'container index of the video stream (default: the largest)', value.wholeNumber(0))
    .option('--audio-stream <index>', 'container index of the audio stream (default: the one that players choose)', value.wholeNumber(0))
    .option('--no-video', 'leave pictures out')
    .option('--no-audio', 'leave sound out')
    .option('--edges', 'measure edges too, for --series and --csv')
    .addOption(new Option('--quality <how>', 'exact (default); draft decodes faster and less exactly').choices(['exact', 'draft']))
}

function addOutputFlags(command: Command): void {
  command
    .optionsGroup('Where it goes (default: tables on stdout):')
    .option('--json', 'one JSON object on stdout')
    .option('--csv [file]', 'the measurements, a row for each frame; without a file on stdout')
    .option('--html <file>', 'one page with curves, scenes, highlights and thumbnails')
    .option('--chart <file>', 'a picture of the same, as .svg')
    .option('--scene-list <file>', "scenes as .csv with PySceneDetect's columns")
    .option('--edl <file>', 'scenes as CMX 3600 edit list')
    .option('--otio <file>', 'scenes as OpenTimelineIO timeline')
    .option('--chapters <file>', 'scenes as chapters: .txt or .ffmeta for FFmpeg, .vtt for the web, .ogm for Matroska')
    .option('--thumbnails <dir>', 'one jpg file for each scene, from its middle')
    .option('--thumbnail-width <pixels>', 'of these (default: 320)', value.wholeNumber(1))
}

function addRunFlags(command: Command): Command {
  return command
    .optionsGroup('How the work is done:')
    .option('--workers <n>', 'worker threads, auto (default) or adaptive', value.workerCount)
    .option('--codec-threads <n>', 'decoder threads for each worker, or auto (default)', value.countOrAuto)
    .option('--memory-limit <size>', 'memory for frames, such as 512M (default: a quarter of all, at most 1G)', value.byteSize)
    .option('--max-pixels <n>', 'refuse larger frames', value.wholeNumber(1))
    .option('--no-cache', 'neither read nor write packet indexes and measurements on disk')
    .option('--allow-playlists', 'allow formats that open further files or URLs (HLS, DASH, concat, image sequences)')
    .option('--timeout <seconds>', 'give up on a source that sends nothing for so long (default: 30)', value.numberAbove0)
    .option('--quiet', 'no progress and no summary on stderr, only failures')
}
