// Owns the meters of this process: CPU time, peak memory, bytes read from storage.
import { readFileSync } from 'node:fs'

/** User and system seconds of all threads so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Most bytes this process has had resident. */
export function peakRssBytes(): number {
  // Not getrusage's: on Linux that one starts with what the parent had when it forked.
  const kilobytes = numberAfter('/proc/self/status', /^VmHWM:\s*(\d+) kB/m) ?? process.resourceUsage().maxRSS
  return kilobytes * 1024
}

/** Bytes that came from storage rather than from the page cache so far; null where the system does not tell. */
export function diskBytes(): number | null {
  return numberAfter('/proc/self/io', /^read_bytes: (\d+)/m)
}

function numberAfter(file: string, pattern: RegExp): number | null {
  try {
    const digits = pattern.exec(readFileSync(file, 'utf8'))?.[1]
    return digits === undefined ? null : Number(digits)
  } catch {
    return null
  }
}
