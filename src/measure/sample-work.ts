// Owns how sampling is measured: two frames a second, 640 wide, as thumbnails, datasets and models ask for them.
import type { MeasuredJob } from './measured-job.js'

const grid = { fps: 2, width: 640 } as const

export const sampleWork: MeasuredJob = {
  /** A camera's or a phone's upload: 1080p with B-frames, a cut every five seconds, a minute of it. */
  clip: {
    width: 1920,
    height: 1080,
    frameRateNumerator: 30,
    frameRateDenominator: 1,
    seed: 1,
    sceneFrames: 150,
    pieceFrames: 300,
    loops: 6,
    encoder: '',
    keyInterval: 0,
    bFrames: 3,
  },
  async perform(engine, { file, start, end }, onBytes) {
    let frames = 0
    for await (const { pts, data } of engine.sample(file, { ...grid, start, end })) {
      frames++
      if (onBytes === null) continue
      onBytes(new Uint8Array(Float64Array.of(pts).buffer))
      onBytes(data)
    }
    return { frames }
  },
}
