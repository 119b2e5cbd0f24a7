// Owns `framemill probe`: what is known about a source, for people or as one JSON document.
import type { Command } from 'commander'
import { ExitCode } from './failure.js'
import { numberAbove0 } from './flag-values.js'
import { describeProbe } from './probe-text.js'
import type { Session } from './session.js'

export interface ProbeFlags {
  readonly json?: boolean
  readonly cache: boolean
  readonly allowPlaylists?: boolean
  readonly timeout?: number
}

/** Adds the command; `setExitCode` receives how it ended, failures are thrown. */
export function addProbeCommand(program: Command, session: Session, setExitCode: (code: number) => void): void {
  program
    .command('probe')
    .summary('say what a video file holds, and what looks doubtful about it')
    .description('Says what a video file holds: container, streams, chapters, and what looks doubtful about them.')
    .argument('<file>', 'path or http(s) URL of a video')
    .option('--json', 'one JSON document on stdout')
    .option('--no-cache', 'neither read nor write the packet index on disk')
    .option('--allow-playlists', 'allow formats that open further files or URLs (HLS, DASH, concat, image sequences)')
    .option('--timeout <seconds>', 'give up on a source that sends nothing for so long', numberAbove0)
    .addHelpText('after', '\nExamples:\n  framemill probe talk.mp4\n  framemill probe talk.mp4 --json')
    .action(async (file: string, flags: ProbeFlags) => setExitCode(await runProbe(file, flags, session)))
}

async function runProbe(file: string, { json, cache, allowPlaylists, timeout }: ProbeFlags, { stop, stdout }: Session): Promise<ExitCode> {
  // Help and misuse answer without loading the engine.
  const { Engine } = await import('../index.js')
  await using engine = new Engine({
    workers: 1,
    cache,
    ...(allowPlaylists !== undefined && { allowPlaylists }),
    ...(timeout !== undefined && { timeoutMs: Math.round(timeout * 1000) }),
  })
  const result = await engine.probe(file, { signal: stop.signal })
  await stdout.line(json === true ? JSON.stringify(result, null, 2) : describeProbe(result))
  stop.signal.throwIfAborted()
  return ExitCode.done
}
