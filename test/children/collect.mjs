// Run with --expose-gc: opens samplers, drops them (some closed, some in the middle of a clip), and ends only when all were collected.
import { factCount, loadBinding } from '../../dist/native/binding.js'

const [path] = process.argv.slice(2)
const binding = loadBinding()
const count = 20
let collected = 0
const registry = new FinalizationRegistry(() => {
  collected++
})

function open(number) {
  const source = { url: `file:${path}`, protocols: 'file', allowPlaylists: false }
  const sampler = new binding.Sampler({ ...source, streamIndex: 0, codecThreads: 1, maxPixels: 1e9 })
  if (number % 2 === 0) sampler.close()
  else sampler.next(null, new Float64Array(factCount))
  registry.register(sampler, number)
}

for (let number = 0; number < count; number++) open(number)
for (let turn = 0; turn < 1000 && collected < count; turn++) {
  globalThis.gc()
  await new Promise((resolve) => setImmediate(resolve))
}
console.log(`collected ${collected} of ${count}`)
