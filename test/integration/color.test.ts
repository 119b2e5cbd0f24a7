// Colour and form of the result: matrix and range, HDR, bars, crops, odd sizes, against ffmpeg's scaler and the arithmetic of the standards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Engine, type OwnedFrame, type SampleOptions } from '../../dist/index.js'
import { clips, type VideoClip } from '../fixtures/index.js'
import { ask } from './fixtures/ask.js'
import { ffmpegPixels, psnr } from './fixtures/ffmpeg-pixels.js'
import { hlgToSrgb, pqToSrgb, type Triple } from './fixtures/hdr-arithmetic.js'
import { makeWorkspace, type Workspace } from './fixtures/workspace.js'

let engine: Engine
let work: Workspace
beforeAll(() => {
  engine = new Engine({ workers: 2, cache: false })
  work = makeWorkspace()
})
afterAll(async () => {
  await engine.close()
  work.remove()
})

async function first(path: string, options: SampleOptions = {}): Promise<OwnedFrame> {
  const [frame] = (await ask(engine, path, { frameIndexes: [0], ...options })).frames
  if (frame === undefined) throw new Error('there is no frame')
  return frame
}

/** Of the first frames, as ffmpeg's filter gives them. */
async function worstPsnr(path: string, options: SampleOptions, frameBytes: number, filter: string): Promise<number> {
  const { frames } = await ask(engine, path, { frameIndexes: [0, 1, 2], ...options })
  const expected = await ffmpegPixels(path, frameBytes, '-vf', filter, '-frames:v', '3')
  expect([frames.length, expected.length]).toEqual([3, 3])
  return Math.min(...frames.map(({ data }, frame) => psnr(data, expected[frame] ?? Buffer.alloc(0))))
}

describe('rgb24', () => {
  const cases: { clip: VideoClip; matrix: string; range: string; other: string }[] = [
    { clip: clips.bt601, matrix: 'bt601', range: 'tv', other: 'bt709' },
    { clip: clips.bt709, matrix: 'bt709', range: 'tv', other: 'bt601' },
    { clip: clips.fullRange, matrix: 'bt709', range: 'pc', other: 'bt601' },
  ]
  const scale = (matrix: string, range: string, size: string): string =>
    `scale=${size}:in_color_matrix=${matrix}:in_range=${range}:flags=bicubic,format=rgb24`

  it.each(cases)('of $clip.name has the matrix and the range of the stream', async ({ clip, matrix, range, other }) => {
    const bytes = 320 * 180 * 3
    expect(await worstPsnr(clip.path, {}, bytes, scale(matrix, range, '320:180'))).toBeGreaterThanOrEqual(45)
    expect(await worstPsnr(clip.path, {}, bytes, scale(other, range, '320:180'))).toBeLessThan(40)
    expect(await worstPsnr(clip.path, {}, bytes, scale(matrix, range === 'tv' ? 'pc' : 'tv', '320:180'))).toBeLessThan(40)
  })

  it.each(cases)('of $clip.name is scaled like ffmpeg scales it', async ({ clip, matrix, range }) => {
    expect(await worstPsnr(clip.path, { width: 160 }, 160 * 90 * 3, scale(matrix, range, '160:90'))).toBeGreaterThanOrEqual(45)
    expect(await worstPsnr(clip.path, { width: 500 }, 500 * 281 * 3, scale(matrix, range, '500:281'))).toBeGreaterThanOrEqual(45)
  })

  it('of a stream that names no matrix takes BT.601 below HD and BT.709 from HD on', async () => {
    expect(await worstPsnr(clips.noBFrames.path, {}, 320 * 180 * 3, scale('bt601', 'tv', '320:180'))).toBeGreaterThanOrEqual(45)
    expect(await worstPsnr(clips.fullHd.path, {}, 1920 * 1080 * 3, scale('bt709', 'tv', '1920:1080'))).toBeGreaterThanOrEqual(45)
  })

  it.each([
    ['bicubic', 'bicubic'],
    ['bilinear', 'bilinear'],
    ['fast-bilinear', 'fast_bilinear'],
    ['area', 'area'],
    ['lanczos', 'lanczos'],
    ['spline', 'spline'],
    ['nearest', 'neighbor'],
  ] as const)('with the filter %s is scaled by that filter', async (scaleFilter, flags) => {
    const filter = `scale=100:56:in_color_matrix=bt709:in_range=tv:flags=${flags},format=rgb24`
    expect(
      await worstPsnr(clips.bt709.path, { width: 100, height: 56, fit: 'fill', scaleFilter }, 100 * 56 * 3, filter),
    ).toBeGreaterThanOrEqual(45)
  })

  it('with the filter blocks is the mean of blocks, then of areas, in the colours of the full size', async () => {
    const filter = 'scale=480:270:flags=area,scale=256:144:in_color_matrix=bt709:in_range=tv:flags=area,format=rgb24'
    const picture = { width: 256, height: 144, fit: 'fill', scaleFilter: 'blocks' } as const
    expect(await worstPsnr(clips.fullHd.path, picture, 256 * 144 * 3, filter)).toBeGreaterThanOrEqual(42)
  })

  it('with the filter blocks a part that is cut out loses no more detail than the size asks for', async () => {
    const image = await work.encode(
      'stripes.png',
      '-f',
      'lavfi',
      '-i',
      'nullsrc=s=1280x160,geq=lum=255*mod(floor(X/4)\\,2):cb=128:cr=128',
      '-frames:v',
      '1',
    )
    const clip = await work.encode('stripes.mp4', '-i', image, '-vf', 'format=yuv420p', '-crf', '1')
    const { data } = await first(clip, { width: 160, height: 160, fit: 'cover', scaleFilter: 'blocks' })
    // Stripes of four pixels: in blocks of eight they are a plain gray.
    expect([Math.min(...data) < 30, Math.max(...data) > 225]).toEqual([true, true])
  })
})

describe('other pixel formats', () => {
  it('rgba is rgb24 with an opaque fourth channel', async () => {
    const [rgb, rgba] = [await first(clips.bt709.path), await first(clips.bt709.path, { pixelFormat: 'rgba' })]
    expect([rgb.pixelFormat, rgba.pixelFormat]).toEqual(['rgb24', 'rgba'])
    const withAlpha = Uint8Array.from({ length: (rgb.data.length / 3) * 4 }, (_, i) =>
      i % 4 === 3 ? 255 : (rgb.data[Math.floor(i / 4) * 3 + (i % 4)] ?? 0),
    )
    expect(psnr(rgba.data, withAlpha)).toBeGreaterThanOrEqual(50)
    expect(rgba.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true)
  })

  it('yuv420p of a yuv420p stream is the stream itself', async () => {
    const [converted, source] = [
      await first(clips.bFrames.path, { pixelFormat: 'yuv420p' }),
      await first(clips.bFrames.path, { pixelFormat: 'source' }),
    ]
    expect(Buffer.compare(converted.data, source.data)).toBe(0)
  })

  it('yuv420p is scaled in the range of the stream', async () => {
    for (const { path } of [clips.bt709, clips.fullRange]) {
      const filter = 'scale=160:90:flags=bicubic'
      expect(await worstPsnr(path, { width: 160, pixelFormat: 'yuv420p' }, (160 * 90 * 3) / 2, filter)).toBeGreaterThanOrEqual(45)
    }
  })

  it('gray8 is luma in full range', async () => {
    for (const { path, expand } of [
      { path: clips.bt709.path, expand: (y: number) => ((y - 16) * 255) / 219 },
      { path: clips.fullRange.path, expand: (y: number) => y },
    ]) {
      const [gray, source] = [await first(path, { pixelFormat: 'gray8' }), await first(path, { pixelFormat: 'source' })]
      expect(gray.data.length).toBe(320 * 180)
      const largestError = gray.data.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - Math.min(255, Math.max(0, expand(source.data[i] ?? NaN))))),
        0,
      )
      expect(largestError).toBeLessThanOrEqual(1)
    }
  })

  it("'source' is what the decoder gives, whatever that is", async () => {
    const formats = await Promise.all(
      [clips.oddSize444, clips.hdrPq, clips.mjpeg, clips.gif].map(({ path }) => first(path, { pixelFormat: 'source' })),
    )
    expect(formats.map(({ pixelFormat, data }) => [pixelFormat, data.length])).toEqual([
      ['yuv444p', 321 * 241 * 3],
      ['yuv420p10le', 320 * 180 * 3],
      ['yuvj420p', (320 * 180 * 3) / 2],
      ['bgra', 160 * 90 * 4],
    ])
  })
})

describe('fits', () => {
  it('contain lies between black bars', async () => {
    const { data } = await first(clips.bt709.path, { width: 100, height: 100, fit: 'contain' })
    const row = (y: number): Uint8Array => data.subarray(y * 300, (y + 1) * 300)
    const isBlack = (y: number): boolean => row(y).every((value) => value === 0)
    const rows = Array.from({ length: 100 }, (_, y) => y)
    expect(rows.filter((y) => !isBlack(y))).toEqual(rows.filter((y) => y >= 22 && y < 22 + 56))
    const rgba = (await first(clips.bt709.path, { width: 100, height: 100, fit: 'contain', pixelFormat: 'rgba' })).data
    expect([...rgba.subarray(0, 4)]).toEqual([0, 0, 0, 255])
  })

  it('contain has black bars in gray8, whose range is full', async () => {
    const { data } = await first(clips.bt709.path, { width: 100, height: 100, fit: 'contain', pixelFormat: 'gray8' })
    expect([data[0], data[99], data[9999]]).toEqual([0, 0, 0])
  })

  it('contain has black of the range in yuv420p', async () => {
    for (const [{ path }, black] of [
      [clips.bt709, 16],
      [clips.fullRange, 0],
    ] as const) {
      const { data } = await first(path, { width: 100, height: 100, fit: 'contain', pixelFormat: 'yuv420p' })
      expect([data[0], data[100 * 100], data[100 * 100 + 50 * 50], data[100 * 100 - 1]]).toEqual([black, 128, 128, black])
    }
  })

  it('cover is what ffmpeg crops and scales', async () => {
    const filter = 'crop=180:180:70:0,scale=90:90:in_color_matrix=bt709:in_range=tv:flags=bicubic,format=rgb24'
    expect(await worstPsnr(clips.bt709.path, { width: 90, height: 90 }, 90 * 90 * 3, filter)).toBeGreaterThanOrEqual(40)
  })

  it('fill stretches, inside shrinks', async () => {
    const filter = (size: string): string => `scale=${size}:in_color_matrix=bt709:in_range=tv:flags=bicubic,format=rgb24`
    expect(
      await worstPsnr(clips.bt709.path, { width: 90, height: 120, fit: 'fill' }, 90 * 120 * 3, filter('90:120')),
    ).toBeGreaterThanOrEqual(45)
    expect(
      await worstPsnr(clips.bt709.path, { width: 90, height: 120, fit: 'inside' }, 90 * 51 * 3, filter('90:51')),
    ).toBeGreaterThanOrEqual(45)
  })

  it.each([clips.oddSize444, clips.oddSizeVp9])('of odd sizes in $name are like ffmpeg’s', async ({ path }) => {
    const filter = (size: string): string => `scale=${size}:in_color_matrix=bt601:in_range=tv:flags=bicubic,format=rgb24`
    expect(await worstPsnr(path, {}, 321 * 241 * 3, filter('321:241'))).toBeGreaterThanOrEqual(45)
    expect(await worstPsnr(path, { width: 101, height: 57, fit: 'fill' }, 101 * 57 * 3, filter('101:57'))).toBeGreaterThanOrEqual(45)
    expect(await worstPsnr(path, { width: 1, height: 1, fit: 'fill' }, 3, filter('1:1'))).toBeGreaterThanOrEqual(30)
  })
})

describe('sample aspect ratio', () => {
  it('is squared, as the display shows it', async () => {
    const filter = 'scale=256:144:in_color_matrix=bt601:in_range=tv:flags=bicubic,format=rgb24'
    expect(await worstPsnr(clips.wideSamples.path, {}, 256 * 144 * 3, filter)).toBeGreaterThanOrEqual(45)
    const { width, height } = await first(clips.wideSamples.path, { squarePixels: false })
    expect([width, height]).toEqual([176, 144])
    const source = await first(clips.wideSamples.path, { pixelFormat: 'source' })
    expect([source.width, source.height]).toEqual([176, 144])
  })
})

describe('HDR', () => {
  /** 10-bit Y, Cb, Cr of limited range: grays, saturated colours, highlights, shadows. */
  const patches: Triple[] = [
    [64, 512, 512],
    [250, 512, 512],
    [400, 512, 512],
    [520, 512, 512],
    [573, 512, 512],
    [700, 512, 512],
    [830, 512, 512],
    [940, 512, 512],
    [450, 440, 640],
    [450, 600, 420],
    [400, 560, 480],
    [600, 480, 540],
    [300, 530, 530],
    [500, 700, 500],
    [500, 500, 330],
  ]

  const side = 64

  /** A lossless clip of flat colours, one a frame. */
  async function flat(colors: readonly Triple[], transfer: string): Promise<string> {
    const plane = (value: number, count: number): Buffer => Buffer.from(new Uint16Array(count).fill(value).buffer)
    const picture = ([y, cb, cr]: Triple): Buffer =>
      Buffer.concat([plane(y, side * side), plane(cb, (side * side) / 4), plane(cr, (side * side) / 4)])
    const raw = work.write('flat.yuv', Buffer.concat(colors.map(picture)))
    const tags = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc', '-color_range', 'tv']
    const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p10le', '-s', `${side}x${side}`, '-r', '10', '-i', raw]
    return work.encode(`flat-${transfer}-${colors.length}.mkv`, ...input, '-c:v', 'ffv1', ...tags)
  }

  it.each([
    ['PQ', 'smpte2084', pqToSrgb],
    ['HLG', 'arib-std-b67', hlgToSrgb],
  ] as const)('%s comes as SDR by BT.2100, BT.2390 and BT.2087', async (_, transfer, expected) => {
    const { frames } = await ask(engine, await flat(patches, transfer), { all: true })
    expect(frames).toHaveLength(patches.length)
    for (const { number, data } of frames) {
      const patch = patches[number] ?? patches[0] ?? [0, 0, 0]
      const found = [...data.subarray(0, 3)]
      const wanted = expected(patch)
      const error = Math.max(...found.map((value, channel) => Math.abs(value - (wanted[channel] ?? NaN))))
      expect(error, `Y'CbCr ${patch.join(' ')} gives ${found.join(' ')} rather than ${wanted.join(' ')}`).toBeLessThanOrEqual(2)
      expect(data.every((value, i) => value === data[i % 3])).toBe(true)
    }
  })

  it('stays as it is with toneMap: false, and in source and yuv420p', async () => {
    const path = await flat([[700, 512, 512]], 'smpte2084')
    const { data } = await first(path, { toneMap: false })
    expect(Math.abs((data[0] ?? 0) - ((700 - 64) / 876) * 255)).toBeLessThanOrEqual(3) // swscale's rounding
    const source = await first(path, { pixelFormat: 'source' })
    expect(Buffer.from(source.data).readUInt16LE(0)).toBe(700)
    const planar = await first(path, { pixelFormat: 'yuv420p' })
    expect(Math.abs((planar.data[0] ?? 0) - 700 / 4)).toBeLessThanOrEqual(1)
  })

  it('gives gray8 and rgba of the same light', async () => {
    const path = await flat([[600, 512, 512]], 'smpte2084')
    const [rgb, gray, rgba] = [await first(path), await first(path, { pixelFormat: 'gray8' }), await first(path, { pixelFormat: 'rgba' })]
    expect(Math.abs((gray.data[0] ?? 0) - (rgb.data[0] ?? 99))).toBeLessThanOrEqual(1)
    expect([...rgba.data.subarray(0, 4)]).toEqual([...rgb.data.subarray(0, 3), 255])
  })

  it('of SDR clips does nothing', async () => {
    const [mapped, plain] = [await first(clips.bt709.path), await first(clips.bt709.path, { toneMap: false })]
    expect(Buffer.compare(mapped.data, plain.data)).toBe(0)
  })
})
