// Ends with samplers open: one on the main thread in the middle of a clip, one in a thread that is terminated.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { factCount, loadBinding } from '../../dist/native/binding.js'

const [path] = process.argv.slice(2)
const code = `
import { parentPort, workerData } from 'node:worker_threads'
const { factCount, loadBinding } = await import(workerData.binding)
const binding = loadBinding()
globalThis.sampler = new binding.Sampler({ url: 'file:' + workerData.path, protocols: 'file', allowPlaylists: false, streamIndex: 0, codecThreads: 2, maxPixels: 1e9 })
sampler.next(null, new Float64Array(factCount))
parentPort.postMessage('open')
parentPort.on('message', () => {})
`
const binding = loadBinding()
const sampler = new binding.Sampler({
  url: `file:${path}`,
  protocols: 'file',
  allowPlaylists: false,
  streamIndex: 0,
  codecThreads: 2,
  maxPixels: 1e9,
})
sampler.next(null, new Float64Array(factCount))
globalThis.sampler = sampler
const workerData = { path, binding: new URL('../../dist/native/binding.js', import.meta.url).href }
const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData })
await once(worker, 'message')
await worker.terminate()
console.log('ended')
