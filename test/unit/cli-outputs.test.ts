import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from '../../src/cli/deliver.js'
import { imageFileName } from '../../src/cli/image-file.js'
import { ImagesOutput } from '../../src/cli/output-images.js'
import { pixelsMd5 } from '../../src/cli/output-list.js'
import { RawFileOutput } from '../../src/cli/output-raw.js'
import { SheetOutput } from '../../src/cli/output-sheet.js'
import { SpriteOutput, spriteGrid } from '../../src/cli/output-sprite.js'
import type { Output } from '../../src/cli/output.js'
import { mustBeWritable, writeWhole } from '../../src/cli/staged-file.js'
import { makeFrame, makeReport } from './cli-frame.js'
import type { MadeFrame } from './cli-frame.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framemill-cli-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

// Like the engine: a frame not kept is released when the next is asked for.
async function* source(frames: readonly MadeFrame[]): AsyncGenerator<MadeFrame, void, void> {
  for (const frame of frames) {
    yield frame
    if (!frame.kept) frame.release()
  }
}

async function run(output: Output, frames: readonly MadeFrame[]): Promise<string | undefined> {
  await deliver(source(frames), [output], () => 3)
  expect(frames.every((frame) => frame.released)).toBe(true)
  return output.finish({ ...makeReport(frames.length), facts: { ...makeReport(0).facts, durationSeconds: 10 } })
}

const colors = [
  [250, 0, 0],
  [0, 250, 0],
  [0, 0, 250],
  [250, 250, 250],
  [0, 0, 0],
]

function colored(count: number, shape: { width?: number; height?: number } = {}): MadeFrame[] {
  return Array.from({ length: count }, (_, number) => makeFrame(number, { color: colors[number % colors.length] ?? [], ...shape }))
}

async function pixel(path: string, left: number, top: number): Promise<number[]> {
  return Array.from(await sharp(path).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer())
}

describe('images', () => {
  it('are named by number and true timestamp', () => {
    expect(imageFileName(12, 5.5, 'jpg')).toBe('000012_5.500s.jpg')
    expect(imageFileName(1_234_567, -0.0001, 'avif')).toBe('1234567_0.000s.avif')
  })

  it('hold exactly the pixels of their frames', async () => {
    const out = join(folder, 'new', 'frames')
    expect(await run(new ImagesOutput(out, { format: 'png' }), colored(5))).toBe(`wrote 5 png files to ${out}`)
    const names = (await readdir(out)).sort()
    expect(names).toEqual(['000000_0.000s.png', '000001_0.500s.png', '000002_1.000s.png', '000003_1.500s.png', '000004_2.000s.png'])
    for (const [number, name] of names.entries()) {
      const raw = await sharp(join(out, name)).removeAlpha().raw().toBuffer()
      expect(raw).toEqual(Buffer.alloc(32 * 18 * 3, Uint8Array.from(colors[number] ?? [])))
    }
  })

  it.each([
    ['jpg', 'rgb24', 'jpeg', 3],
    ['jpg', 'gray8', 'jpeg', 1],
    ['png', 'gray8', 'png', 1],
    ['webp', 'rgba', 'webp', 4],
    ['avif', 'rgb24', 'heif', 3],
  ] as const)('are written as %s from %s', async (format, pixelFormat, container, channels) => {
    const frame = makeFrame(0, { pixelFormat, color: [200, 100, 50, 128] })
    await run(new ImagesOutput(folder, { format, quality: format === 'png' ? undefined : 90 }), [frame])
    const metadata = await sharp(join(folder, `000000_0.000s.${format}`)).metadata()
    expect(metadata).toMatchObject({ format: container, width: 32, height: 18, channels })
  })

  it('name the file and the reason when they cannot be written', async () => {
    await writeFile(join(folder, 'taken'), '')
    const output = new ImagesOutput(join(folder, 'taken'), { format: 'jpg' })
    await expect(run(output, colored(3))).rejects.toMatchObject({ code: 'EEXIST', message: expect.stringContaining('taken') })
    expect(await readdir(folder)).toEqual(['taken'])
  })
})

describe('a contact sheet', () => {
  it('shows every frame in its place, over a dark label that holds light digits', async () => {
    const path = join(folder, 'sheet.png')
    const line = await run(new SheetOutput(path, { format: 'png' }, 320), colored(4, { width: 320, height: 180 }))
    const { width, height } = await sharp(path).metadata()
    expect(line).toBe(`wrote ${path} (${width}x${height}, 4 frames)`)
    expect([width, height]).toEqual([2 * 328 + 8, 2 * (180 + 24 + 8) + 8])
    expect(await pixel(path, 168, 98)).toEqual(colors[0])
    expect(await pixel(path, 168 + 328, 98)).toEqual(colors[1])
    expect(await pixel(path, 168, 98 + 212)).toEqual(colors[2])
    expect(await pixel(path, 168 + 328, 98 + 212)).toEqual(colors[3])
    const { channels } = await sharp(await sharp(path).extract({ left: 8, top: 188, width: 320, height: 24 }).toBuffer()).stats()
    expect(channels[0]?.max).toBeGreaterThan(200)
    expect(channels[0]?.mean).toBeLessThan(60)
  })

  it('shrinks larger frames and never enlarges smaller ones', async () => {
    const path = join(folder, 'sheet.webp')
    await run(new SheetOutput(path, { format: 'webp' }, 320), colored(1, { width: 640, height: 360 }))
    expect(await sharp(await readFile(path)).metadata()).toMatchObject({ width: 336, height: 220 })
    await run(new SheetOutput(path, { format: 'webp' }, 320), colored(1, { width: 64, height: 36 }))
    expect(await sharp(await readFile(path)).metadata()).toMatchObject({ width: 80, height: 36 + 18 + 16 })
  })

  it('refuses more frames than it can hold by saying how many it can', async () => {
    const output = new SheetOutput(join(folder, 'sheet.png'), { format: 'png' }, Number.POSITIVE_INFINITY)
    await expect(run(output, colored(5, { width: 4000, height: 4000 }))).rejects.toThrow('at most 4 frames of 4000x4000')
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses a side that the format cannot have', async () => {
    const output = new SheetOutput(join(folder, 'sheet.webp'), { format: 'webp' }, Number.POSITIVE_INFINITY)
    await expect(run(output, colored(2, { width: 16_000, height: 10 }))).resolves.toContain('wrote')
    const wide = new SheetOutput(join(folder, 'wide.webp'), { format: 'webp' }, Number.POSITIVE_INFINITY)
    await expect(run(wide, colored(1, { width: 16_380, height: 10 }))).rejects.toThrow('too large')
  })
})

describe('sprites', () => {
  it('fill sheets of ten by ten in order, and say in WebVTT where each time is', async () => {
    const out = join(folder, 'sprites')
    const line = await run(new SpriteOutput(out, { quality: 95, widestTile: 160, end: undefined }), colored(105))
    expect(line).toBe(`wrote 2 sprite sheets and thumbnails.vtt (105 frames) to ${out}`)
    expect((await readdir(out)).sort()).toEqual(['sprite-001.jpg', 'sprite-002.jpg', 'thumbnails.vtt'])
    expect(await sharp(join(out, 'sprite-001.jpg')).metadata()).toMatchObject({ width: 320, height: 180 })
    expect(await sharp(join(out, 'sprite-002.jpg')).metadata()).toMatchObject({ width: 320, height: 18 })
    const cues = (await readFile(join(out, 'thumbnails.vtt'), 'utf8')).split('\n\n').slice(1)
    expect(cues).toHaveLength(105)
    expect(cues[12]).toBe('00:00:06.000 --> 00:00:06.500\nsprite-001.jpg#xywh=64,18,32,18')
    expect(cues[101]).toBe('00:00:50.500 --> 00:00:51.000\nsprite-002.jpg#xywh=32,0,32,18')
    for (const [number, cue] of cues.entries()) {
      const [, file, left, top] = /\n(.*)#xywh=(\d+),(\d+),/.exec(cue) ?? []
      const seen = await pixel(join(out, String(file)), Number(left) + 16, Number(top) + 9)
      for (const [channel, value] of seen.entries()) expect(Math.abs(value - (colors[number % 5]?.[channel] ?? 0))).toBeLessThan(24)
    }
  })

  it('end where the request or the source ends, whichever is first', async () => {
    for (const [end, shown] of [
      [2, '00:00:02.000'],
      [undefined, '00:00:10.000'],
      [99, '00:00:10.000'],
    ] as const) {
      await run(new SpriteOutput(folder, { quality: undefined, widestTile: 160, end }), colored(2))
      expect((await readFile(join(folder, 'thumbnails.vtt'), 'utf8')).trimEnd().split('\n').at(-2)).toBe(`00:00:00.500 --> ${shown}`)
    }
  })

  it('leave nothing behind when they are not finished', async () => {
    const output = new SpriteOutput(folder, { quality: undefined, widestTile: 160, end: undefined })
    await deliver(source(colored(150)), [output], () => 2)
    await output.discard()
    expect(await readdir(folder)).toEqual([])
  })

  it('have no side longer than 4096 where tiles are large', () => {
    expect(spriteGrid(160, 90)).toEqual({ columns: 10, rows: 10 })
    expect(spriteGrid(640, 360)).toEqual({ columns: 6, rows: 10 })
    expect(spriteGrid(5000, 5000)).toEqual({ columns: 1, rows: 1 })
  })
})

describe('raw pixels', () => {
  it('follow each other in order, and appear under their name only when whole', async () => {
    const path = join(folder, 'frames.raw')
    const output = new RawFileOutput(path)
    const frames = colored(5)
    await deliver(source(frames), [output], () => 4)
    expect(await readdir(folder)).not.toContain('frames.raw')
    await output.finish(makeReport(5))
    expect(await readdir(folder)).toEqual(['frames.raw'])
    expect(await readFile(path)).toEqual(Buffer.concat(colors.map((color) => Buffer.alloc(32 * 18 * 3, Uint8Array.from(color)))))
  })

  it('leave nothing behind when they are not finished', async () => {
    const output = new RawFileOutput(join(folder, 'frames.raw'))
    await deliver(source(colored(2)), [output], () => 2)
    await output.discard()
    expect(await readdir(folder)).toEqual([])
  })

  it('are summed over shared memory as over any other', () => {
    expect(pixelsMd5(makeFrame(0, { color: [7, 7, 7] }))).toBe(
      createHash('md5')
        .update(Buffer.alloc(32 * 18 * 3, 7))
        .digest('hex'),
    )
  })
})

describe('files', () => {
  it('replace the file a symbolic link names, and keep the link', async () => {
    await writeFile(join(folder, 'real'), 'old')
    await symlink(join(folder, 'real'), join(folder, 'link'))
    await writeWhole(join(folder, 'link'), Buffer.from('new'))
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new')
  })

  it('are refused where no regular file can be put', async () => {
    await expect(mustBeWritable(folder)).rejects.toThrow('it is a folder')
    await expect(mustBeWritable('/dev/null')).rejects.toThrow('not a regular file')
    await expect(mustBeWritable(join(folder, 'none', 'sheet.png'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(mustBeWritable(join(folder, 'sheet.png'))).resolves.toBeUndefined()
  })
})
