// Frames for the CLI's unit tests: one colour each, made without an engine.
import type { LeasedFrame } from '../../src/cli/deliver.js'
import type { SampleReport } from '../../src/index.js'

export interface MadeFrame extends LeasedFrame {
  kept: boolean
  released: boolean
}

const bytesPerPixel: Record<string, number> = { gray8: 1, rgb24: 3, rgba: 4 }

/** A frame in shared memory, as the engine's are; reading its pixels after release throws. */
export function makeFrame(
  number: number,
  given: { color?: number[]; width?: number; height?: number; pixelFormat?: string; seconds?: number } = {},
): MadeFrame {
  const { color = [200, 100, 50], width = 32, height = 18, pixelFormat = 'rgb24', seconds = number / 2 } = given
  const bytes = bytesPerPixel[pixelFormat] ?? 3
  const pixels = new Uint8Array(new SharedArrayBuffer(width * height * bytes))
  for (let index = 0; index < pixels.length; index++) pixels[index] = color[index % bytes] ?? 255
  return {
    number,
    requestedTimestamp: seconds,
    timestamp: seconds,
    pts: Math.round(seconds * 12800),
    isKeyFrame: number === 0,
    isDamaged: false,
    width,
    height,
    pixelFormat,
    kept: false,
    released: false,
    get data() {
      if (this.released) throw new Error(`frame ${number} was read after its release`)
      return pixels
    },
    keep() {
      this.kept = true
      return this
    },
    release() {
      this.released = true
    },
  }
}

/** What the engine reports at the end, for a ten-second clip of 300 frames. */
export function makeReport(frames: number): SampleReport {
  return {
    source: '/videos/talk.mp4',
    frames,
    missing: [],
    lost: null,
    damaged: 0,
    packetsRead: 300,
    framesDecoded: 165,
    framesSkipped: 135,
    framesConverted: frames,
    seeks: 1,
    redone: 0,
    framesInRange: 300,
    workers: 2,
    codecThreads: 1,
    wallSeconds: 6.4321,
    cpuSeconds: 11.98765,
    facts: { container: 'mov', codec: 'h264', width: 1920, height: 1080, averageFrameRate: 30, durationSeconds: 600 },
  }
}
