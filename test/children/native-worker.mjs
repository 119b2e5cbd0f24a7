// A thread that waits for its start in shared memory, then decodes a clip through the border and posts the MD5 of every frame.
import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { factCount, loadBinding, Outcome } from '../../dist/native/binding.js'

const { path, output, segment, gate } = workerData
const binding = loadBinding()
const source = { url: `file:${path}`, protocols: 'file', allowPlaylists: false }
const sampler = new binding.Sampler({ ...source, streamIndex: 0, codecThreads: 2, maxPixels: 1e9 })
sampler.configure(output)
sampler.begin(segment)
Atomics.add(gate, 0, 1)
Atomics.notify(gate, 0)
Atomics.wait(gate, 1, 0)
const facts = new Float64Array(factCount)
const pixels = new Uint8Array(new SharedArrayBuffer(1 << 20))
const digests = []
while (sampler.next(pixels, facts) === Outcome.frame) {
  digests.push(
    createHash('md5')
      .update(Uint8Array.from(pixels.subarray(0, facts[7])))
      .digest('hex'),
  )
}
parentPort.postMessage({ digests, threw: throwsClosed() })
parentPort.close()

function throwsClosed() {
  sampler.close()
  try {
    sampler.lastError()
    return ''
  } catch (error) {
    return error.code
  }
}
