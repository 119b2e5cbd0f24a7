// Owns how sampling is measured: two frames a second, 640 wide, as thumbnails, datasets and models ask for them.
import type { BenchJob } from './bench-job.js'

const grid = { fps: 2, width: 640 } as const

export const sampleWork: BenchJob = {
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
