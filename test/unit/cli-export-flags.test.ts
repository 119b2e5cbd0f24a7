import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { resolveSettingFlags } from '../../src/cli/export-flags.js'
import type { ExportRequest, SettingFlags } from '../../src/cli/export-flags.js'
import * as value from '../../src/cli/export-values.js'
import { Misuse } from '../../src/cli/failure.js'
import { anyNumber, numberFrom } from '../../src/cli/flag-values.js'
import { addSettingFlags } from '../../src/cli/setting-flags.js'

/** What a command line means, through commander and the very flags of both commands. */
function meaning(...args: string[]): ExportRequest {
  const command = addSettingFlags(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
  return resolveSettingFlags(command.parse(args, { from: 'user' }).opts<SettingFlags>())
}

describe('values', () => {
  it.each([
    ['800k', 800_000],
    ['5M', 5_000_000],
    ['1.5m', 1_500_000],
    ['128000', 128_000],
    ['1G', 1e9],
  ])('reads the bit rate %s', (text, bits) => {
    expect(value.bitRate(text)).toBe(bits)
  })

  it.each(['', '0', 'M', '-1M', '5MB', '1e6', '5 M'])('refuses "%s" as a bit rate', (text) => {
    expect(() => value.bitRate(text)).toThrow('Expected bits per second')
  })

  it('reads areas of a picture', () => {
    expect(value.crop('640x360+0+120')).toEqual({ width: 640, height: 360, x: 0, y: 120 })
    expect(value.pad('1080x1920')).toEqual({ width: 1080, height: 1920 })
    expect(value.pad('1080x1920+10+20')).toEqual({ width: 1080, height: 1920, x: 10, y: 20 })
    for (const text of ['640x360', '0x10+0+0', '640x360+0', '640x360+-1+0', 'x'])
      expect(() => value.crop(text)).toThrow('Expected WIDTHxHEIGHT')
    expect(() => value.pad('640')).toThrow('Expected WIDTHxHEIGHT')
  })

  it('reads places, of a text also centred ones', () => {
    expect(value.place('10,-20')).toEqual({ x: 10, y: -20 })
    expect(value.textPlace('center, 40')).toEqual({ x: 'center', y: 40 })
    expect(() => value.place('center,40')).toThrow('Expected X,Y in pixels')
    for (const text of ['10', '1,2,3', '1.5,2', 'left,top', '']) expect(() => value.textPlace(text)).toThrow('Expected X,Y')
  })

  it('reads rates as numbers, of fractions their value', () => {
    expect(value.rate('25')).toBe(25)
    expect(value.rate('30000/1001')).toBe(30000 / 1001)
  })

  it('reads what is assigned, and adds up what is repeated', () => {
    expect(value.equalizer('brightness=-0.1,contrast=1.2')).toEqual({ brightness: -0.1, contrast: 1.2 })
    expect(value.equalizer('gamma=2', { contrast: 1 })).toEqual({ contrast: 1, gamma: 2 })
    expect(value.encoderOption('x264-params=a=1:b=2', { tune: 'film' })).toEqual({ tune: 'film', 'x264-params': 'a=1:b=2' })
    for (const text of ['bright=1', 'brightness', 'brightness=much', '']) expect(() => value.equalizer(text)).toThrow('Expected')
    for (const text of ['tune', '=film']) expect(() => value.encoderOption(text)).toThrow('Expected NAME=VALUE')
  })

  it('reads numbers within their bounds and names the bounds otherwise', () => {
    expect([numberFrom(0, 1)('0.5'), numberFrom(0)('23.5'), anyNumber('-16'), anyNumber('90')]).toEqual([0.5, 23.5, -16, 90])
    expect(() => numberFrom(0, 1)('1.5')).toThrow('from 0 to 1')
    expect(() => numberFrom(0)('-1')).toThrow('of at least 0')
    for (const text of ['--1', '1e3', '', '-']) expect(() => anyNumber(text)).toThrow('Expected a number')
  })
})

describe('flags', () => {
  it('say nothing when none is given', () => {
    const { engine, settings, json, report, quiet } = meaning()
    expect(settings).toEqual({})
    expect(engine).toEqual({ cache: true })
    expect([json, report, quiet]).toEqual([false, undefined, false])
  })

  it('become settings under the names of the API', () => {
    const line =
      '--mode encode --container mkv --encoder libx265 --preset fast --crf 20 --pixel-format yuv420p10le --key-interval 60 ' +
      '--encoder-option tune=grain --encoder-option x265-params=log-level=none --audio libopus --audio-bitrate 96k --channels 1 --sample-rate 48000 ' +
      '--no-subtitles --no-chapters --no-metadata --existing skip --retries 0 --timeout 60 --encoder-threads 2 --hwaccel vaapi ' +
      '--audio-filter areverse --workers 2 --memory-limit 1G --no-cache --allow-playlists --json --report a.json --quiet'
    expect(meaning(...line.split(' '))).toEqual({
      engine: { workers: 2, memoryLimit: 2 ** 30, cache: false, allowPlaylists: true },
      settings: {
        mode: 'encode',
        container: 'mkv',
        video: {
          encoder: 'libx265',
          preset: 'fast',
          crf: 20,
          pixelFormat: 'yuv420p10le',
          keyInterval: 60,
          options: { tune: 'grain', 'x265-params': 'log-level=none' },
        },
        audio: { encoder: 'libopus', bitrate: 96_000, channels: 1, sampleRate: 48_000 },
        audioFilter: 'areverse',
        subtitles: false,
        chapters: false,
        metadata: false,
        existing: 'skip',
        retries: 0,
        timeoutSeconds: 60,
        encoderThreads: 2,
        hwaccel: 'vaapi',
      },
      json: true,
      report: 'a.json',
      quiet: true,
    })
  })

  it('become one transform', () => {
    const line =
      '--crop 640x360+0+120 --rotate -90 --flip both --width 1080 --height 1920 --fit blurred --background navy --pad 1100x1940 --fps 30000/1001 ' +
      '--speed 1.5 --eq saturation=0 --denoise 0.3 --blur 2 --overlay logo.png --overlay-at -10,10 --text Hello --text-at center,40 ' +
      '--fade-in 0.5 --fade-out 1 --volume 0 --loudness -16 --stack below.mp4'
    expect(meaning(...line.split(' ')).settings).toEqual({
      transform: {
        crop: { x: 0, y: 120, width: 640, height: 360 },
        rotate: -90,
        flip: 'both',
        width: 1080,
        height: 1920,
        fit: 'blurred',
        background: 'navy',
        pad: { width: 1100, height: 1940, color: 'navy' },
        fps: 30000 / 1001,
        speed: 1.5,
        eq: { saturation: 0 },
        denoise: 0.3,
        blur: 2,
        overlay: { image: 'logo.png', x: -10, y: 10 },
        text: { text: 'Hello', x: 'center', y: 40 },
        fadeIn: 0.5,
        fadeOut: 1,
        volume: 0,
        loudness: -16,
        stack: { source: 'below.mp4' },
      },
    })
  })

  it('tell sound that is copied, left out, or encoded by what is not named', () => {
    expect(meaning('--audio', 'copy').settings.audio).toBe('copy')
    expect(meaning('--audio', 'none').settings.audio).toBe(false)
    expect(meaning('--audio-bitrate', '64k').settings.audio).toEqual({ bitrate: 64_000 })
    expect(meaning('--bitrate', '5M').settings).toEqual({ video: { bitrate: 5_000_000 } })
    expect(meaning('--filter', 'hflip').settings).toEqual({ filter: 'hflip' })
  })

  it.each([
    ['--crf 20 --bitrate 5M', '--crf and --bitrate contradict each other'],
    ['--audio copy --channels 2', '--audio copy encodes no sound'],
    ['--audio none --audio-bitrate 64k', '--audio none encodes no sound'],
    ['--overlay-at 1,2', '--overlay-at needs --overlay'],
    ['--text-at 1,2', '--text-at needs --text'],
  ])('%s are misuse', (line, words) => {
    expect(() => meaning(...line.split(' '))).toThrow(Misuse)
    expect(() => meaning(...line.split(' '))).toThrow(words)
  })

  it.each(['--mode fast', '--container avi', '--fit stretch', '--flip up', '--existing keep', '--denoise 2', '--speed 0', '--crf -1'])(
    '%s is refused by name',
    (line) => {
      expect(() => meaning(...line.split(' '))).toThrow(/option '--\w+ <.*>' argument '.*' is invalid/)
    },
  )
})
