// Owns the command line of `framemill sample`: its flags, their help, and the examples.
import { Option } from 'commander'
import type { Command } from 'commander'
import * as value from './flag-values.js'
import { imageFormats } from './image-format.js'
import { resolveSampleFlags } from './sample-flags.js'
import type { SampleFlags } from './sample-flags.js'
import type { Session } from './session.js'

const examples = `
Examples:
  framemill sample talk.mp4 --fps 2 --out frames                    two jpg files for every second
  framemill sample talk.mp4 --count 12 --sheet talk.jpg             one picture of twelve moments
  framemill sample talk.mp4 --every 10 --sprite thumbs              seek thumbnails for a video player
  framemill sample talk.mp4 --at 1:30,2:05.5 --out . --format png   exactly these two frames
  framemill sample talk.mp4 --keyframes --json                      one JSON object a line, then a summary
  framemill sample talk.mp4 --fps 1 --width 224 --height 224 --fit cover --raw - | consumer

Times are seconds (12.5), M:SS or H:MM:SS.fff, counted from the start of the video. The frame at a time is the one on screen then.
Exit codes: 0 done, 1 some or all work failed, 2 misuse, 130 interrupted.`

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addSampleCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  program
    .command('sample')
    .summary('take frames out of a video: as images, a contact sheet, sprites, raw pixels or a list')
    .description('Takes frames out of a video, exactly and on every core.\nWithout an output flag it prints one line for each frame.')
    .argument('<file>', 'path or http(s) URL of a video')
    .usage('<file> <which frames> [options]')

    .optionsGroup('Which frames (one of these; --sheet without any takes 25 spread evenly):')
    .option('--fps <rate>', 'this many for every second; a number or a fraction such as 30000/1001', value.frameRate)
    .option('--every <seconds>', 'one every so many seconds', value.time)
    .option('--every-frames <n>', 'every n-th frame', value.wholeNumber(1))
    .option('--count <n>', 'n, from the centres of n equal parts', value.wholeNumber(1))
    .option('--at <times>', 'at these times, separated by commas', value.timeList)
    .option('--frames <indexes>', 'these frames, counted from 0, separated by commas', value.indexList)
    .option('--keyframes', 'every key frame')
    .option('--all', 'every frame')

    .optionsGroup('Which part:')
    .option('--start <time>', 'from here on', value.time)
    .option('--end <time>', 'up to but not including here', value.time)
    .option('--stream <index>', 'container index of the video stream (default: the largest)', value.wholeNumber(0))

    .optionsGroup('What the frames look like:')
    .option('--width <pixels>', 'width; alone it keeps the proportions', value.wholeNumber(1))
    .option('--height <pixels>', 'height; alone it keeps the proportions', value.wholeNumber(1))
    .addOption(
      new Option('--fit <how>', 'when width and height are given (default: cover)').choices(['contain', 'cover', 'fill', 'inside']),
    )
    .addOption(
      new Option('--pixel-format <format>', 'layout of the pixels (default: rgb24)').choices([
        'rgb24',
        'rgba',
        'gray8',
        'yuv420p',
        'source',
      ]),
    )
    .addOption(
      new Option('--scale-filter <name>', 'how pixels are averaged when scaling (default: bicubic)').choices([
        'bicubic',
        'bilinear',
        'fast-bilinear',
        'area',
        'blocks',
        'lanczos',
        'spline',
        'nearest',
      ]),
    )
    .option('--no-autorotate', 'keep the stored orientation')
    .option('--no-square-pixels', 'keep the stored pixel shape')
    .option('--no-tone-map', 'keep HDR values as they are')
    .option('--accuracy <how>', 'exact (default), keyframe, or seconds a frame may be off to be cheaper', value.accuracy)

    .optionsGroup('Where they go (any of these together):')
    .option('--out <dir>', 'one image file for each frame')
    .addOption(new Option('--format <format>', 'of the images (default: jpg)').choices(imageFormats))
    .option('--quality <1-100>', 'of jpg, webp and avif', value.wholeNumber(1, 100))
    .option('--sheet <file>', 'one contact sheet with timestamps; .jpg, .png or .webp')
    .option('--sprite <dir>', 'sprite sheets and thumbnails.vtt for video players')
    .option('--raw <file>', 'raw pixels, frame after frame; - is stdout')
    .option('--json', 'one JSON object a line on stdout')
    .option('--md5', 'add the md5 of the pixels to each line on stdout')
    .addOption(
      new Option('--order <order>', 'timestamp (default); completion is faster but not sorted').choices(['timestamp', 'completion']),
    )

    .optionsGroup('How the work is done:')
    .option(
      '--workers <n>',
      'worker threads; auto (default): as measured (framemill bench --save), else one for each CPU granted; adaptive: as many of these as pay and others leave',
      value.workerCount,
    )
    .option('--codec-threads <n>', 'decoder threads for each worker, or auto (default)', value.countOrAuto)
    .option('--memory-limit <size>', 'memory for frames, such as 512M (default: a quarter of all, at most 1G)', value.byteSize)
    .option('--max-pixels <n>', 'refuse larger frames', value.wholeNumber(1))
    .option('--no-cache', 'neither read nor write the packet index on disk')
    .option('--allow-playlists', 'allow formats that open further files or URLs (HLS, DASH, concat, image sequences)')
    .option('--timeout <seconds>', 'give up on a source that sends nothing for so long (default: 30)', value.numberAbove0)
    .option('--quiet', 'no progress and no summary on stderr')

    .addHelpText('after', examples)
    .action(async (file: string, flags: SampleFlags) => {
      const request = resolveSampleFlags(flags)
      // Help and misuse answer without loading the engine and sharp.
      const { runSample } = await import('./sample-job.js')
      setExitCode(await runSample(file, request, session))
    })
}
