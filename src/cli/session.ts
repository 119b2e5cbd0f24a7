// Owns what every command gets from the process.
import type { Stdout } from './stdout.js'
import type { Stop } from './stop.js'

export interface Session {
  readonly stop: Stop
  readonly stdout: Stdout
  readonly stderr: NodeJS.WriteStream
}
