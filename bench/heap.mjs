// Owns the measure of what a piece of synchronous work takes: its time, and the memory of JavaScript at its peak.
// @ts-check
import { GCProfiler } from 'node:v8'

/**
 * The peak is the largest reading of heap and array buffers, with garbage: V8 tells how full they are before each collection, and between
 * two collections they only grow. Needs --expose-gc.
 * @template Value
 * @param {() => Value} work
 * @returns {{ value: Value, ms: number, peakBytes: number }} beyond what was there before
 */
export function measureWork(work) {
  if (globalThis.gc === undefined) throw new Error('Expected node --expose-gc')
  globalThis.gc()
  const before = usedBytes()
  const profiler = new GCProfiler()
  profiler.start()
  const started = performance.now()
  const value = work()
  const ms = performance.now() - started
  const after = usedBytes()
  const collections = profiler.stop().statistics.map(({ beforeGC: { heapStatistics: heap } }) => heap.usedHeapSize + heap.externalMemory)
  return { value, ms, peakBytes: Math.max(after, ...collections) - before }
}

function usedBytes() {
  const { heapUsed, external } = process.memoryUsage() // array buffers are part of what is external
  return heapUsed + external
}
