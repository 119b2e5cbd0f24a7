// Samples the same clip many times on one engine and prints how far resident memory rose after the first few jobs, in MB.
import { Engine } from '../../dist/index.js'

const [clip] = process.argv.slice(2)
const engine = new Engine({ workers: 1, cache: false })
const residentMegabytes = () => process.memoryUsage().rss / 1e6
let before = 0
for (let job = 0; job < 40; job++) {
  for await (const frame of engine.sample(clip, { all: true, width: 1920 })) void frame
  if (job === 9) before = residentMegabytes()
}
console.log(Math.round(residentMegabytes() - before))
await engine.close()
