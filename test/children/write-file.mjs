// A thread that puts a file together through the border, of what it is given, and posts how many packets were copied.
import { parentPort, workerData } from 'node:worker_threads'
import { loadBinding } from '../../dist/native/binding.js'
import { NativeLaneWord, nativeLaneWordCount } from '../../dist/native/lane-words.js'

const { remux, track, runs } = workerData
const binding = loadBinding()
const lane = new Int32Array(new SharedArrayBuffer(4 * nativeLaneWordCount))
binding.useLane(lane)
const remuxer = new binding.Remuxer(remux)
remuxer.addTrack(track)
for (const run of runs) remuxer.addRun(run)
while (remuxer.step(64));
remuxer.finish()
parentPort.postMessage({ copied: lane[NativeLaneWord.packetsCopied] })
parentPort.close()
