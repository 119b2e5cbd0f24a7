// Owns the flags that `export` and `transcode` share, and their help.
import { Option } from 'commander'
import type { Command } from 'commander'
import * as exportValue from './export-values.js'
import * as value from './flag-values.js'

/** Adds them, in their groups. */
export function addSettingFlags(command: Command): Command {
  addVideoFlags(command)
  addAudioFlags(command)
  addPictureFlags(command)
  addSoundFlags(command)
  return addRunFlags(command)
}

function addVideoFlags(command: Command): void {
  command
    .optionsGroup('How it is made:')
    .addOption(
      new Option('--mode <mode>', 'auto (default): the cheapest that is exact; copy: packets only; smart: only edges are encoded').choices([
        'auto',
        'copy',
        'smart',
        'encode',
      ]),
    )
    .addOption(new Option('--container <format>', 'format of the file').choices(['mp4', 'mov', 'mkv', 'webm']))
    .option('--encoder <name>', "FFmpeg's name of a video encoder (default: libx264, libvpx-vp9 for webm)")
    .option('--preset <name>', "the encoder's word for speed against size")
    .option('--crf <n>', 'constant quality; lower is better', value.numberFrom(0))
    .option('--bitrate <rate>', 'bits per second instead, such as 5M or 800k', exportValue.bitRate)
    .option('--pixel-format <name>', "FFmpeg's name of a pixel format (default: the source's, where the encoder takes it)")
    .option('--key-interval <n>', 'frames from key frame to key frame, at most', value.wholeNumber(1))
    .option(
      '--encoder-option <name=value>',
      "any other option of the encoder, by FFmpeg's name; may be repeated",
      exportValue.encoderOption,
    )
}

function addAudioFlags(command: Command): void {
  command
    .optionsGroup('Sound and the rest of the file:')
    .option('--audio <how>', "copy, none, or FFmpeg's name of an encoder (default: copied where that is exact)")
    .option('--audio-bitrate <rate>', 'bits per second, such as 128k', exportValue.bitRate)
    .option('--channels <n>', 'channels of sound', value.wholeNumber(1))
    .option('--sample-rate <n>', 'samples per second', value.wholeNumber(1))
    .option('--no-subtitles', 'leave subtitles out')
    .option('--no-chapters', 'leave chapters out')
    .option('--no-metadata', 'leave tags out')
}

function addPictureFlags(command: Command): void {
  command
    .optionsGroup('What is done to the pictures, in this order (they are encoded then):')
    .option('--crop <area>', 'this part only, WIDTHxHEIGHT+X+Y', exportValue.crop)
    .option('--rotate <degrees>', 'clockwise', value.anyNumber)
    .addOption(new Option('--flip <how>', 'mirrored').choices(['horizontal', 'vertical', 'both']))
    .option('--width <pixels>', 'width; alone it keeps the proportions', value.wholeNumber(1))
    .option('--height <pixels>', 'height; alone it keeps the proportions', value.wholeNumber(1))
    .addOption(
      new Option('--fit <how>', 'with width and height (default: contain)').choices(['contain', 'cover', 'fill', 'inside', 'blurred']),
    )
    .option('--background <color>', 'of bars (default: black)')
    .option('--stack <file>', 'a second video below this one')
    .option('--pad <area>', 'put it on a larger picture, WIDTHxHEIGHT or WIDTHxHEIGHT+X+Y', exportValue.pad)
    .option('--fps <rate>', 'frames per second; a number or a fraction such as 30000/1001', exportValue.rate)
    .option('--speed <factor>', '2 is twice as fast, sound included', value.numberAbove0)
    .option('--eq <settings>', 'brightness, contrast, saturation, gamma, such as brightness=0.1,contrast=1.2', exportValue.equalizer)
    .option('--denoise <0-1>', 'strength', value.numberFrom(0, 1))
    .option('--blur <pixels>', 'standard deviation', value.numberAbove0)
    .option('--overlay <file>', 'an image on top')
    .option('--overlay-at <x,y>', 'its place; negative from the right and the bottom (default: 0,0)', exportValue.place)
    .option('--text <text>', 'a line of text on top')
    .option('--text-at <x,y>', 'its place; center for one of them centres it (default: centred, near the bottom)', exportValue.textPlace)
    .option('--fade-in <seconds>', 'from black, and the sound from silence', value.time)
    .option('--fade-out <seconds>', 'to black, and the sound to silence', value.time)
    .option('--filter <graph>', 'a libavfilter graph instead of all these')
}

function addSoundFlags(command: Command): void {
  command
    .optionsGroup('What is done to the sound:')
    .option('--volume <factor>', '0 is silence', value.numberFrom(0))
    .option('--loudness <lufs>', 'integrated loudness, such as -16', value.anyNumber)
    .option('--audio-filter <graph>', 'a libavfilter graph')
}

function addRunFlags(command: Command): Command {
  return command
    .optionsGroup('How the work is done:')
    .addOption(
      new Option(
        '--existing <what>',
        'to do about files that are there: error (default); skip leaves those that would be the same',
      ).choices(['error', 'overwrite', 'skip']),
    )
    .option('--retries <n>', 'tries after a fault that may pass (default: 2)', value.wholeNumber(0))
    .option('--timeout <seconds>', 'for one try of a clip (default: 300, more for long clips)', value.numberAbove0)
    .option('--encoder-threads <n>', 'threads for each decoder and encoder (default: 1)', value.wholeNumber(1))
    .option('--hwaccel <name>', 'decode in hardware: none (default), auto, or a kind of device')
    .option('--workers <n>', 'worker threads, auto (default) or adaptive', value.workerCount)
    .option('--memory-limit <size>', 'memory for frames, such as 512M (default: a quarter of all, at most 1G)', value.byteSize)
    .option('--no-cache', 'neither read nor write the packet index on disk')
    .option('--allow-playlists', 'allow formats that open further files or URLs (HLS, DASH, concat, image sequences)')
    .option('--json', 'the report as one JSON object on stdout')
    .option('--report <file>', 'the same in a file')
    .option('--quiet', 'no progress and no summary on stderr, only failures')
}
