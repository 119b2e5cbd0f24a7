// A peer of the comparison that, as SHIFT says, gives right frames, the right ones with other times, or other ones under the right times.
import { serve } from '../../bench/peers/adapters/protocol.mjs'
import { Engine } from '../../dist/index.js'

const shift = process.env['SHIFT']

await serve({
  about: async () => 'shifting 1.0',
  async *pictures({ file, fps, end, width, height }) {
    const engine = new Engine({ cache: false, workers: 1 })
    const step = 1 / fps
    const start = shift === 'pixels' ? step : 0
    for await (const { timestamp, data } of engine.sample(file, { fps, start, end: end + start, width, height, fit: 'fill' }))
      yield { timestamp: timestamp - start + (shift === 'times' ? step / 2 : 0), data }
    await engine.close()
  },
})
