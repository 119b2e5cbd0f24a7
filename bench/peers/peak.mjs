// Owns the peak of resident memory of a running command and all that it starts.
// @ts-check
import { existsSync, readFileSync } from 'node:fs'

const everyMs = 10

/**
 * Looks at the descendants of a process until stopped. Each one's own peak is kept by the kernel, so that what falls between two looks
 * is lost only at the very end of a process.
 * @param {number} pid
 * @returns {() => number | null} stops, and tells the largest sum of bytes of processes that ran at the same time; null where /proc does not tell
 */
export function watchPeak(pid) {
  if (!existsSync(`/proc/${pid}/task/${pid}/children`)) return () => null
  let peak = 0
  const look = () =>
    (peak = Math.max(
      peak,
      descendants(pid).reduce((sum, child) => sum + ownPeak(child), 0),
    ))
  const timer = setInterval(look, everyMs)
  return () => {
    clearInterval(timer)
    return peak
  }
}

/** All that a process has started, and what those have. @param {number} pid @returns {number[]} */
export function descendants(pid) {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}

/** @param {number} pid */
function ownPeak(pid) {
  return Number(/^VmHWM:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024
}

/** Nothing of a process that is gone. @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
