// A worker that finishes as many slots as it is told to, by the worker's end of a lane, and writes each slot's frame number all over it.
import { parentPort, workerData } from 'node:worker_threads'
import { WorkerLane } from '../../dist/pool/lane.js'

const { buffer, slots, slotWords, frames } = workerData
const lane = new WorkerLane(buffer)
const memory = new Int32Array(slots)
const rest = { pts: 0, isDamaged: false, width: 0, height: 0, format: 0, byteLength: 0, finishedAt: 0 }
let written = 0
for (; written < frames; written++) {
  const slot = lane.takeSlot()
  if (slot === null) break
  for (let word = 0; word < slotWords; word++) Atomics.store(memory, slot * slotWords + word, written)
  lane.finish({ ...rest, slot, frame: written, pts: written * 7, isDamaged: written % 2 === 0, byteLength: written })
}
parentPort.postMessage(written)
parentPort.close()
