// Owns reading what the system tells in small text files: whole, or null where there is none.
import { readFileSync } from 'node:fs'

export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Lines that are not empty; none for a file that cannot be read. */
export function readLines(file: string): string[] {
  return (readText(file) ?? '').split('\n').filter((line) => line !== '')
}
