// Runs the ffmpeg and ffprobe commands; knows nothing of what they are asked.
import { spawn } from 'node:child_process'

export interface CommandResult {
  readonly succeeded: boolean
  readonly stdout: string
  /** Lines of stderr that report an error; warnings and information are left out. */
  readonly errorLines: readonly string[]
}

/** Runs one of FFmpeg's tools to its end. A failing tool is a result, not an exception; one that cannot be started throws. */
export async function runTool(tool: 'ffmpeg' | 'ffprobe', args: readonly string[]): Promise<CommandResult> {
  const child = spawn(tool, ['-hide_banner', '-v', 'level+error', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ])
  return { succeeded: code === 0, stdout, errorLines: stderr.split('\n').filter((line) => line.trim() !== '') }
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** The name under which FFmpeg opens exactly this file: a bare name with a colon would be taken for a protocol. */
export function fileUrl(path: string): string {
  return `file:${path}`
}
