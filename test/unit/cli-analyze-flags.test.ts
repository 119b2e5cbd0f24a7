import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { resolveAnalyzeFlags } from '../../src/cli/analyze-flags.js'
import type { AnalyzeFlags, AnalyzeRequest } from '../../src/cli/analyze-flags.js'
import { addAnalyzeFlags } from '../../src/cli/analyze.js'
import { checkAsked } from '../../src/cli/answers.js'
import { Misuse } from '../../src/cli/failure.js'
import { highlightWeights, resolveHighlightFlags } from '../../src/cli/highlight-flags.js'
import type { HighlightFlags, HighlightRequest } from '../../src/cli/highlight-flags.js'
import { addHighlightFlags } from '../../src/cli/highlights.js'
import { contentWeights, sceneDetector, sceneLength } from '../../src/cli/scene-flags.js'

function bare(): Command {
  return new Command().exitOverride().configureOutput({ writeErr: () => undefined })
}

/** What a command line means, through commander and the very flags of the command. */
function meaning(...args: string[]): AnalyzeRequest {
  return resolveAnalyzeFlags(addAnalyzeFlags(bare()).parse(args, { from: 'user' }).opts<AnalyzeFlags>())
}

function highlights(...args: string[]): HighlightRequest {
  return resolveHighlightFlags(addHighlightFlags(bare()).parse(args, { from: 'user' }).opts<HighlightFlags>())
}

describe('values', () => {
  it('reads lengths of scenes as PySceneDetect does: whole numbers are frames', () => {
    expect(sceneLength('15')).toBe(15)
    for (const [text, seconds] of Object.entries({ '0.6': 0.6, '0.6s': 0.6, '15s': 15, '1:02.5': 62.5 }))
      expect(sceneLength(text)).toEqual({ seconds })
    for (const text of ['', 's', '-1', '1f', '0.6ss', '1e3']) expect(() => sceneLength(text)).toThrow('Expected frames')
  })

  it('reads weights, edges only when they are named', () => {
    expect(contentWeights('1,0.5,2')).toEqual({ deltaHue: 1, deltaSat: 0.5, deltaLum: 2, deltaEdges: 0 })
    expect(contentWeights('1, 1, 1, 0.2')).toMatchObject({ deltaEdges: 0.2 })
    for (const text of ['1,2', '1,2,3,4,5', '1,,2', 'a,b,c', '']) expect(() => contentWeights(text)).toThrow('Expected')
    expect(highlightWeights('motion=0.5, loudness=1', { silence: 0 })).toEqual({ silence: 0, motion: 0.5, loudness: 1 })
    for (const text of ['motion', 'speed=1', 'motion=1=2', 'motion=-1', '']) expect(() => highlightWeights(text)).toThrow('Expected')
  })

  it('knows the detectors', () => {
    expect(sceneDetector('hash')).toBe('hash')
    for (const text of ['', 'Hash', 'talk.mp4'])
      expect(() => sceneDetector(text)).toThrow('Expected adaptive, content, threshold, hash or histogram')
  })
})

describe('what is measured', () => {
  it.each([
    [[], { fps: 2, video: true, audio: true }],
    [['--highlights'], { fps: 2, video: true, audio: true }],
    [['--scenes'], { all: true, video: true, audio: false }],
    [['--black'], { all: true, video: true, audio: false }],
    [['--freeze', '--silences'], { all: true, video: true, audio: true }],
    [['--silences'], { fps: 2, video: false, audio: true }],
    [['--beats'], { fps: 2, video: false, audio: true }],
    [['--csv'], { fps: 2, video: true, audio: true }],
    [['--series', '--json'], { fps: 2, video: true, audio: true }],
    [['--edl', 'a.edl'], { all: true, video: true, audio: false }],
    [['--thumbnails', 'a'], { all: true, video: true, audio: false }],
    [['--html', 'a.html', '--scenes'], { all: true, video: true, audio: true }],
    [['--scenes', '--fps', '5'], { fps: 5, video: true, audio: false }],
    [['--scenes', '--every-frames', '2'], { everyFrames: 2, video: true, audio: false }],
    [['--all'], { all: true, video: true, audio: true }],
    [['--highlights', '--no-audio'], { fps: 2, video: true, audio: false }],
    [['--no-video'], { fps: 2, video: false, audio: true }],
    [['--fps', '30000/1001', '--start', '1:00', '--end', '2:00'], { fps: '30000/1001', start: 60, end: 120 }],
    [['--stream', '2', '--audio-stream', '3', '--quality', 'draft'], { stream: 2, audioStream: 3, quality: 'draft' }],
  ])('for %j is %j', (args, measure) => {
    const given = Object.entries(meaning(...args).measure ?? {}).filter(([, value]) => value !== undefined)
    expect(Object.fromEntries(given)).toMatchObject(measure)
    expect(given.filter(([key]) => ['fps', 'everyFrames', 'all'].includes(key))).toHaveLength(1)
  })

  it('includes edges where somebody looks at them', () => {
    expect(meaning('--scenes', '--weights', '1,1,1,0').measure?.edges).toBe(false)
    expect(meaning('--scenes', '--weights', '1,1,1,0.5').measure?.edges).toBe(true)
    expect(meaning('--csv', '--edges').measure?.edges).toBe(true)
  })

  it('is nothing for scenes that packets tell, and two frames a second for highlights beside them', () => {
    const fast = meaning('--scenes', '--strategy', 'fast', '--start', '5', '--stream', '1')
    expect(fast).toMatchObject({ measure: null, part: { start: 5, stream: 1 }, asked: { fastScenes: { verify: false } } })
    expect(meaning('--edl', 'a.edl', '--strategy', 'fast', '--verify', '--highlights')).toMatchObject({
      ...{ measure: { fps: 2, video: true, audio: true }, asked: { fastScenes: { verify: true } } },
    })
    expect(meaning('--scenes', '--strategy', 'full')).toMatchObject({ measure: { all: true }, asked: { fastScenes: undefined } })
  })
})

describe('what is asked', () => {
  it('is highlights when nothing is said', () => {
    expect(meaning('--top', '3').asked).toMatchObject({ highlights: { top: 3 }, scenes: undefined, silences: undefined })
    expect(meaning('--html', 'a.html').asked.highlights).toBeDefined()
    expect(meaning('--csv').asked.highlights).toBeUndefined()
    expect(meaning('--scenes').asked.highlights).toBeUndefined()
  })

  it('is scenes by any detector, with its own parameters', () => {
    expect(meaning('--scenes').asked.scenes).toMatchObject({ detector: 'adaptive' })
    expect(meaning('--scenes', '--threshold', '2.5', '--min-content-val', '10', '--window-width', '3').asked.scenes).toMatchObject({
      ...{ detector: 'adaptive', adaptiveThreshold: 2.5, minContentVal: 10, windowWidth: 3 },
    })
    expect(meaning('--scenes', 'content', '--threshold', '30', '--luma-only', '--filter-mode', 'suppress').asked.scenes).toMatchObject({
      ...{ detector: 'content', threshold: 30, lumaOnly: true, filterMode: 'suppress' },
    })
    expect(meaning('--scenes', 'threshold', '--method', 'ceiling', '--fade-bias', '-0.5', '--add-final-scene').asked.scenes).toMatchObject({
      ...{ detector: 'threshold', method: 'ceiling', fadeBias: -0.5, addFinalScene: true },
    })
    expect(meaning('--scenes', 'hash', '--hash-size', '8').asked.scenes).toMatchObject({ detector: 'hash', size: 8 })
    expect(meaning('--scenes', 'histogram', '--bins', '16', '--min-scene-len', '1.5s').asked.scenes).toMatchObject({
      ...{ detector: 'histogram', bins: 16, minSceneLen: { seconds: 1.5 } },
    })
    expect(meaning('--edl', 'a.edl', '--no-transitions', '--flash-len', '0').asked.scenes).toMatchObject({
      transitions: false,
      flashLen: 0,
    })
  })

  it('is what the analysis itself takes, for every detector with every parameter', () => {
    const common = ['--min-scene-len', '15', '--no-transitions', '--threshold', '0.5', '--highlights', '--silences']
    const own = {
      adaptive: ['--flash-len', '0.1s', '--weights', '1,1,1', '--luma-only', '--min-content-val', '5', '--window-width', '1'],
      content: ['--flash-len', '0.1s', '--weights', '1,1,1,1', '--luma-only', '--filter-mode', 'merge'],
      threshold: ['--method', 'floor', '--fade-bias', '1', '--add-final-scene', '--filter-mode', 'merge'],
      hash: ['--flash-len', '0.1s', '--hash-size', '16'],
      histogram: ['--flash-len', '0.1s', '--bins', '256'],
    }
    for (const [detector, parameters] of Object.entries(own)) {
      expect(() => checkAsked(meaning('--scenes', detector, ...common, ...parameters).asked)).not.toThrow()
    }
    expect(() => checkAsked(meaning('--scenes', 'hash', '--threshold', '2').asked)).toThrow(RangeError)
    expect(() => checkAsked(meaning('--duration', '0').asked)).toThrow(RangeError)
    expect(() => checkAsked(meaning('--silences', '--silence-noise', '2').asked)).toThrow(RangeError)
  })
})

describe('outputs', () => {
  it('go to stdout as tables, JSON or CSV', () => {
    expect(meaning('--scenes').print).toBe('text')
    expect(meaning('--scenes', '--json').print).toBe('json')
    expect([meaning('--csv').print, meaning('--csv', '-').print, meaning('--csv', 'a.csv').print]).toEqual(['csv', 'csv', 'text'])
    expect(meaning('--csv', 'a.csv', '--json')).toMatchObject({ print: 'json', files: { csv: 'a.csv' } })
  })

  it('are chapters by the name of their file', () => {
    const formats = { 'a.txt': 'ffmetadata', 'a.ffmeta': 'ffmetadata', 'a.VTT': 'webvtt', 'a.ogm': 'ogm' }
    for (const [path, format] of Object.entries(formats)) expect(meaning('--chapters', path).files.chapters).toEqual({ path, format })
  })

  it('are thumbnails of 320 pixels', () => {
    expect(meaning('--thumbnails', 'a').thumbnails).toEqual({ folder: 'a', width: 320 })
    expect(meaning('--thumbnails', 'a', '--thumbnail-width', '64').thumbnails).toEqual({ folder: 'a', width: 64 })
  })
})

describe('misuse', () => {
  it.each([
    [['--fps', '1', '--all'], '--fps and --all contradict each other'],
    [['--no-video', '--no-audio'], 'nothing is left'],
    [['--scenes', '--no-video'], '--scenes and --no-video contradict each other'],
    [['--edl', 'a.edl', '--no-video'], '--scenes and --no-video contradict each other'],
    [['--freeze', '--no-video'], '--freeze and --no-video'],
    [['--beats', '--no-audio'], '--beats and --no-audio'],
    [['--json', '--csv'], 'both write to stdout'],
    [['--series'], '--series needs --json, or --csv'],
    [['--threshold', '3'], '--threshold needs --scenes'],
    [['--no-transitions', '--highlights'], '--no-transitions needs --scenes'],
    [['--strategy', 'fast'], '--strategy needs --scenes'],
    [['--scenes', '--verify'], '--verify needs --strategy fast'],
    [['--scenes', 'threshold', '--strategy', 'fast'], '--strategy fast and --scenes threshold contradict each other'],
    [['--scenes', '--strategy', 'fast', '--fps', '5'], '--fps and --strategy fast contradict each other'],
    [['--top', '3', '--scenes'], '--top needs --highlights'],
    [['--duration', '3', '--scenes'], '--duration needs --highlights'],
    [['--silence-noise', '-30'], '--silence-noise needs --silences'],
    [['--thumbnail-width', '3'], '--thumbnail-width needs --thumbnails'],
    [['--scenes', 'hash', '--luma-only'], '--luma-only does not apply to the detector hash: it is for --scenes adaptive and content'],
    [['--scenes', '--bins', '16'], '--bins does not apply to the detector adaptive'],
    [['--csv', 'talk.mp4'], '--csv needs a file name that ends in .csv but received talk.mp4'],
    [['--html', 'talk'], '--html needs a file name that ends in .html or .htm'],
    [['--chart', 'talk.png'], '--chart needs'],
    [['--chapters', 'talk.mkv'], '--chapters needs'],
    [['--csv', 'a.csv', '--scene-list', 'a.csv'], 'a.csv cannot hold two outputs'],
  ])('%j is refused: %s', (args, words) => {
    expect(() => meaning(...args)).toThrow(Misuse)
    expect(() => meaning(...args)).toThrow(words)
  })

  it.each([
    [['--scenes', 'talk.mp4']],
    [['--fps', '0']],
    [['--bins', '5']],
    [['--top', '0']],
    [['--quality', 'best']],
    [['--fade-bias', '2']],
  ])('%j is refused by its parser', (args) => {
    expect(() => meaning(...args)).toThrow(expect.objectContaining({ exitCode: 1 }))
  })
})

describe('highlights', () => {
  it('are looked for in two frames a second, and not exported unless asked', () => {
    expect(highlights()).toMatchObject({ measure: { fps: 2 }, highlights: {}, outDir: undefined })
    expect(
      highlights('--sample-fps', '1/2', '--start', '10', '--top', '3', '--duration', '0:30', '--highlight-weights', 'motion=0'),
    ).toMatchObject({
      measure: { fps: '1/2', start: 10 },
      highlights: { top: 3, duration: 30, weights: { motion: 0 } },
    })
  })

  it('are exported with the settings of export, --fps being that of the clips', () => {
    const flags = ['--export', 'clips', '--fps', '30', '--width', '1080', '--crf', '20', '--workers', '2', '--clips-at-once', '3', '--json']
    expect(highlights(...flags)).toMatchObject({
      ...{ outDir: 'clips', clipsAtOnce: 3, measure: { fps: 2 } },
      run: { engine: { workers: 2 }, settings: { transform: { fps: 30, width: 1080 }, video: { crf: 20 } }, json: true },
    })
  })

  it.each([
    [['--width', '100']],
    [['--crf', '20']],
    [['--no-chapters']],
    [['--mode', 'copy']],
    [['--report', 'a.json']],
    [['--clips-at-once', '2']],
  ])('refuses %j without --export', (args) => {
    expect(() => highlights(...args)).toThrow('need --export DIR')
  })

  it('takes what is said about the engine and the output without --export', () => {
    expect(highlights('--workers', '1', '--no-cache', '--json', '--quiet').run).toMatchObject({
      engine: { workers: 1, cache: false },
      json: true,
      quiet: true,
    })
  })
})
