// Owns the peak of resident memory of this process.
// @ts-check
import { readFileSync } from 'node:fs'

/** Bytes. */
export function peakBytes() {
  try {
    // Not getrusage's: that one starts with what the parent had when it forked.
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
