// What a transform is written as for libavfilter, and what is promised of a clip that goes through it.
import { describe, expect, it } from 'vitest'
import { compileFilters, type CompiledFilters, type GraphSource } from '../../src/plan/filter-graph.ts'
import type { Transform } from '../../src/options/transform.ts'
import { upright } from '../../src/source/display.ts'

const plain: GraphSource = {
  width: 640,
  height: 360,
  orientation: upright,
  sampleAspectRatio: { num: 1, den: 1 },
  seconds: 10,
  sampleRate: 48000,
  pixelFormat: 'yuv420p',
}
const compile = (transform: Transform, source: Partial<GraphSource> = {}): CompiledFilters =>
  compileFilters(transform, { ...plain, ...source })
const video = (transform: Transform, source: Partial<GraphSource> = {}): string | null => compile(transform, source).video
const audio = (transform: Transform, source: Partial<GraphSource> = {}): string | null => compile(transform, source).audio
const sizeOf = ({ width, height }: CompiledFilters): string => `${width}x${height}`

describe('a graph of pictures', () => {
  it('is none where nothing changes', () => {
    expect(compile({})).toEqual({
      video: null,
      audio: null,
      width: 640,
      height: 360,
      sampleAspectRatio: { num: 1, den: 1 },
      isPerFrame: true,
      pace: 1,
    })
  })

  it('is none for changes of the sound, which leave even the display matrix alone', () => {
    const turned = { orientation: { transpose: true, mirrorX: true, mirrorY: false } }
    expect(compile({ volume: 0.5, loudness: -16 }, turned)).toMatchObject({ video: null, width: 640, height: 360 })
    expect(compile({ fadeIn: 1 }, turned)).toMatchObject({ width: 360, height: 640 })
  })

  it('is none for changes that change nothing', () => {
    const idle = { rotate: 360, speed: 1, eq: { contrast: 1 }, denoise: 0, blur: 0, fadeIn: 0, volume: 1, width: 640, height: 360 }
    expect(compile(idle)).toMatchObject({ video: null, audio: null, isPerFrame: true })
  })

  it('has the documented order', () => {
    const all: Transform = {
      fadeOut: 1,
      fadeIn: 1,
      text: { text: 'a' },
      overlay: { image: 'b.png' },
      blur: 2,
      denoise: 0.4,
      eq: { gamma: 2 },
      speed: 2,
      fps: 30,
      pad: { width: 400, height: 400 },
      width: 320,
      height: 200,
      flip: 'both',
      rotate: 90,
      crop: { x: 0, y: 0, width: 600, height: 300 },
    }
    const names = (video(all) ?? '')
      .replace(/\[\w+\]/g, '')
      .split(/[,;](?=[a-z]\w*(?:=|,|;|$))/)
      .map((filter) => filter.split('=')[0])
    expect(names.join(' ')).toBe(
      'crop transpose hflip vflip scale setsar pad pad fps settb setpts eq hqdn3d gblur movie scale format overlay format drawtext fade fade',
    )
  })

  it('turns the picture as it is shown before it counts pixels', () => {
    const orientation = { transpose: true, mirrorX: true, mirrorY: false }
    expect(compile({ crop: { x: 2, y: 4, width: 100, height: 600 } }, { orientation })).toMatchObject({
      video: 'transpose=dir=clock,crop=w=100:h=600:x=2:y=4:exact=1',
      width: 100,
      height: 600,
    })
  })

  it('takes a crop that reaches outside for misuse', () => {
    expect(() => compile({ crop: { x: 600, y: 0, width: 50, height: 50 } })).toThrow(
      new RangeError('Expected a crop inside the picture, which is 640x360, but received 50x50 at 600,0'),
    )
  })

  it('takes a pad that the picture does not fit into for misuse', () => {
    expect(() => compile({ pad: { width: 600, height: 400 } })).toThrow(/^Expected a pad that the picture, which is 640x360, fits into/)
    expect(() => compile({ pad: { width: 650, height: 400, x: 20 } })).toThrow(RangeError)
  })
})

describe('the size of what comes out', () => {
  it.each<[string, Transform, string]>([
    ['width alone keeps the proportions', { width: 320 }, '320x180'],
    ['height alone keeps the proportions', { height: 90 }, '160x90'],
    ['an odd height is made even', { width: 333 }, '334x188'],
    ['contain has the size asked for', { width: 300, height: 300 }, '300x300'],
    ['cover has the size asked for', { width: 300, height: 300, fit: 'cover' }, '300x300'],
    ['fill has the size asked for', { width: 300, height: 300, fit: 'fill' }, '300x300'],
    ['blurred has the size asked for', { width: 300, height: 300, fit: 'blurred' }, '300x300'],
    ['inside has no bars', { width: 300, height: 300, fit: 'inside' }, '300x168'],
    ['a stack has the size asked for', { width: 300, height: 600, stack: { source: 'b.mp4' } }, '300x600'],
    ['a quarter turn swaps the sides', { rotate: -90 }, '360x640'],
    ['any other angle keeps them', { rotate: 10 }, '640x360'],
    ['a pad has its own', { width: 320, pad: { width: 400, height: 401 } }, '400x402'],
    ['an odd crop loses a column', { crop: { x: 0, y: 0, width: 101, height: 50 } }, '100x50'],
  ])('%s', (_name, transform, size) => {
    expect(sizeOf(compile(transform))).toBe(size)
  })

  it('may be odd where chroma is not shared', () => {
    expect(sizeOf(compile({ width: 333 }, { pixelFormat: 'yuv444p' }))).toBe('333x187')
    expect(sizeOf(compile({ width: 333 }, { pixelFormat: 'rgb24' }))).toBe('333x187')
    expect(sizeOf(compile({ width: 333 }, { pixelFormat: 'yuv422p10le' }))).toBe('334x187')
  })

  it('is even also where the source is not', () => {
    expect(compile({ blur: 1 }, { width: 101, height: 75 })).toMatchObject({ width: 100, height: 74 })
    expect(video({ blur: 1 }, { width: 101, height: 75 })).toBe('crop=w=100:h=74:x=0:y=0:exact=1,gblur=sigma=1')
  })

  it('is of square pixels where pixels are counted, and keeps their shape elsewhere', () => {
    const wide = { sampleAspectRatio: { num: 4, den: 3 }, width: 720, height: 576 }
    expect(compile({ width: 480 }, wide)).toMatchObject({ width: 480, height: 288, sampleAspectRatio: { num: 1, den: 1 } })
    expect(compile({ crop: { x: 860, y: 0, width: 100, height: 576 } }, wide)).toMatchObject({ width: 100, height: 576 })
    expect(compile({ eq: { gamma: 2 } }, wide)).toMatchObject({ width: 720, height: 576, sampleAspectRatio: { num: 4, den: 3 } })
    expect(compile({ rotate: 90 }, wide)).toMatchObject({ width: 576, height: 720, sampleAspectRatio: { num: 3, den: 4 } })
  })

  it('is that of the pixels where their shape is unknown', () => {
    expect(compile({ width: 320 }, { sampleAspectRatio: { num: 0, den: 1 } })).toMatchObject({ width: 320, height: 180 })
  })
})

describe('frames', () => {
  it.each<[Transform, boolean]>([
    [{ width: 100, eq: { gamma: 2 }, blur: 2, rotate: 5 }, true],
    [{ overlay: { image: 'a.png' }, text: { text: 'a', from: 1 }, fadeIn: 1, fadeOut: 1 }, true],
    [{ speed: 2 }, true],
    [{ fps: 30 }, false],
    [{ denoise: 0.1 }, false],
    [{ width: 100, height: 100, stack: { source: 'b.mp4' } }, false],
  ])('of %j depend on one frame and its time alone: %s', (transform, isPerFrame) => {
    expect(compile(transform).isPerFrame).toBe(isPerFrame)
  })

  it('come faster with speed, and fades are of the finished clip', () => {
    const compiled = compile({ speed: 2, fadeOut: 1 })
    expect(compiled.pace).toBe(0.5)
    expect(compiled.video).toBe('settb=expr=AVTB,setpts=expr=round(PTS/2),fade=t=out:st=4:d=1')
  })

  it('fade for no longer than the clip lasts', () => {
    expect(video({ fadeOut: 60 })).toBe('fade=t=out:st=0:d=10')
  })
})

describe('an overlay', () => {
  it('is blended in the format that keeps most of the picture', () => {
    const format = (pixelFormat: string): string | undefined =>
      /overlay=.*format=(\w+),format=/.exec(video({ overlay: { image: 'a.png' } }, { pixelFormat }) ?? '')?.[1]
    const formats = ['yuv420p', 'nv12', 'yuv420p10le', 'p010le', 'yuv422p', 'yuv422p10le', 'yuv444p', 'gbrp', 'rgb24', 'yuvj420p']
    expect(formats.map(format)).toEqual([
      ...['yuv420', 'yuv420', 'yuv420p10', 'yuv420p10', 'yuv422', 'yuv422p10', 'yuv444', 'gbrp', 'gbrp', 'yuv420'],
    ])
  })

  it('is opened as a file whatever its name looks like', () => {
    expect(video({ overlay: { image: 'http:a.png' } })).toContain('movie=filename=file\\\\:http\\\\:a.png:')
  })
})

describe('a graph of sound', () => {
  it('is none without sound', () => {
    expect(audio({ volume: 2, speed: 2 }, { sampleRate: 0 })).toBeNull()
  })

  it.each<[Transform, string]>([
    [{ speed: 2 }, 'atempo=tempo=2'],
    [{ speed: 0.5 }, 'atempo=tempo=0.5'],
    [{ speed: 9 }, 'atempo=tempo=1.732051,atempo=tempo=1.732051,atempo=tempo=1.732051,atempo=tempo=1.732051'],
    [{ volume: 0 }, 'volume=volume=0'],
    [{ loudness: -16 }, 'loudnorm=I=-16:TP=-1.5:LRA=11,aformat=sample_rates=48000'],
    [{ fadeIn: 1, fadeOut: 2 }, 'afade=t=in:st=0:d=1,afade=t=out:st=8:d=2'],
    [{ speed: 2, fadeOut: 2 }, 'atempo=tempo=2,afade=t=out:st=3:d=2'],
    [{ width: 100 }, 'null'],
  ])('of %j is %s', (transform, graph) => {
    expect(String(audio(transform))).toBe(graph)
  })
})
