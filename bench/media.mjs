// Owns the folder of benchmark clips: makes what is missing, once, under names that change with the recipe.
// @ts-check
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import {
  clipRate,
  encodings,
  largeScale,
  pieceArguments,
  quickLargeScale,
  quickScale,
  soundArguments,
  stillArguments,
  stillCount,
} from './clips.mjs'

const run = promisify(execFile)

export const defaultMediaFolder = join(tmpdir(), 'framemill-bench')

/** @typedef {keyof typeof encodings} ClipKind */

/** Kinds that ofKind() is asked for. @type {readonly ClipKind[]} */
const looped = ['h264-no-b-frames', 'hevc', 'vp9', 'av1']

export class Media {
  /** @param {string} folder @param {import('./clips.mjs').Scale} scale @param {(line: string) => void} say */
  constructor(folder, scale, say) {
    this.folder = folder
    this.scale = scale
    this.say = say
    /** @type {Promise<Set<string>> | undefined} */
    this.encoders = undefined
  }

  /** The encoder that this ffmpeg lacks for a kind of clip; null when it has it. @param {ClipKind} kind */
  async lacks(kind) {
    this.encoders ??= run('ffmpeg', ['-hide_banner', '-encoders']).then(
      ({ stdout }) => new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[1] ?? '')),
    )
    const { encoder } = encodings[kind]
    return (await this.encoders).has(encoder) ? null : encoder
  }

  /** Ten minutes (at full scale) of H.264 with B-frames. */
  async long() {
    return this.#looped('h264-b-frames', await this.#piece('h264-b-frames'), this.scale.longLoops)
  }

  /** As long, with a key frame each second: the long clip has one for each cut, five seconds apart. */
  async longDenseKeys() {
    const { encoder, args } = encodings['h264-b-frames']
    const dense = ['-c:v', encoder, ...args, '-g', String(clipRate), '-keyint_min', String(clipRate), '-an', '-movflags', '+faststart']
    const piece = await this.#file('h264-dense-keys-piece', 'mp4', ['-i', await this.#piece('h264-b-frames'), ...dense])
    return this.#looped('h264-dense-keys', piece, this.scale.longLoops)
  }

  /** The long clip with sound: tones, bursts of noise, clicks, silence. */
  async longWithSound() {
    const { sceneSeconds, scenes, longLoops } = this.scale
    const long = await this.long()
    const sound = ['-stream_loop', '-1', '-i', await this.#file('sound-piece', 'wav', soundArguments)]
    const both = ['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', 'aac', '-b:a', '128k']
    return this.#file('h264-b-frames-sound', 'mp4', ['-i', long, ...sound, ...both, '-t', String(sceneSeconds * scenes * longLoops)])
  }

  /** The long clip, half as long. */
  async medium() {
    return this.#looped('h264-b-frames', await this.#piece('h264-b-frames'), Math.ceil(this.scale.longLoops / 2))
  }

  /** The long clip in Matroska, whose packets can only be found by reading the file. */
  async longMatroska() {
    const long = await this.long()
    return this.#file('h264-b-frames-long', 'mkv', ['-i', long, '-c', 'copy'])
  }

  /** The beginning of the long clip as a file of its own. */
  async short() {
    const piece = await this.#piece('h264-b-frames')
    return this.#file('h264-b-frames-short', 'mp4', ['-i', piece, '-t', String(this.scale.shortSeconds), '-c', 'copy'])
  }

  /** Twenty seconds (at full scale) of 4K H.264 with B-frames. */
  async large() {
    const scale = this.scale === quickScale ? quickLargeScale : largeScale
    return new Media(this.folder, scale, this.say).#piece('h264-b-frames')
  }

  /** A minute and a half (at full scale) of any kind. @param {ClipKind} kind */
  async ofKind(kind) {
    return this.#looped(kind, await this.#piece(kind), this.scale.codecLoops)
  }

  /** Every clip that this ffmpeg can make. */
  async all() {
    const files = [await this.long(), await this.longWithSound(), await this.longMatroska(), await this.short(), await this.large()]
    for (const kind of looped) if ((await this.lacks(kind)) === null) files.push(await this.ofKind(kind))
    return files
  }

  /** @param {ClipKind} kind @returns {Promise<string>} */
  async #piece(kind) {
    const { encoder, suffix, args } = encodings[kind]
    const output = ['-c:v', encoder, ...args, '-an', ...(suffix === 'mp4' ? ['-movflags', '+faststart'] : [])]
    if (kind === 'h264-b-frames')
      return this.#file(`${kind}-piece`, suffix, [...pieceArguments(this.scale, await this.#stills()), ...output])
    const source = await this.#piece('h264-b-frames')
    return this.#file(`${kind}-piece`, suffix, ['-i', source, '-t', String(this.scale.codecSeconds), '-pix_fmt', 'yuv420p', ...output])
  }

  async #stills() {
    const stills = []
    for (let place = 0; place < stillCount; place++)
      stills.push(await this.#file(`still-${place}`, 'png', stillArguments(this.scale, place)))
    return stills
  }

  /** @param {string} name @param {string} piece @param {number} loops */
  async #looped(name, piece, loops) {
    return this.#file(`${name}-x${loops}`, piece.split('.').at(-1) ?? '', ['-stream_loop', String(loops - 1), '-i', piece, '-c', 'copy'])
  }

  /**
   * The file that these arguments make; recipes name their inputs, whose names carry hashes too, so any change makes a new file.
   * @param {string} name @param {string} suffix @param {readonly string[]} args
   */
  async #file(name, suffix, args) {
    const recipe = args.map((argument) => (argument.startsWith(this.folder) ? basename(argument) : argument)).join('\n')
    const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 10)
    const file = join(this.folder, `${this.scale.name}-${name}-${hash}.${suffix}`)
    if (existsSync(file)) return file
    await mkdir(this.folder, { recursive: true })
    const making = await mkdtemp(join(this.folder, 'making-'))
    const unfinished = join(making, basename(file))
    const started = performance.now()
    this.say(`making ${basename(file)}`)
    try {
      await run('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args, unfinished], { maxBuffer: 1 << 24 })
      await rename(unfinished, file)
    } finally {
      await rm(making, { recursive: true, force: true })
    }
    this.say(`made it in ${((performance.now() - started) / 1000).toFixed(0)} s`)
    return file
  }
}
