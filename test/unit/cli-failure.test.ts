import { PassThrough } from 'node:stream'
import { CommanderError } from 'commander'
import { expect, it } from 'vitest'
import { Interrupted, Misuse, OutputError, ReaderGone, exitCodeOf, reportFailure } from '../../src/cli/failure.js'
import { Stdout } from '../../src/cli/stdout.js'
import { VideoError } from '../../src/errors.js'

function report(error: unknown, json = false): { code: number; stderr: string; stdout: string } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = reportFailure(error, { stdout: new Stdout(stdout, new AbortController().signal), stderr, json })
  return { code, stderr: String(stderr.read() ?? ''), stdout: String(stdout.read() ?? '') }
}

it.each([
  [new VideoError('ERR_OPEN', 'Cannot open'), 1],
  [new Misuse('--a and --b'), 2],
  [new RangeError('Expected a number'), 2],
  [new TypeError('Expected a number'), 2],
  [new CommanderError(1, 'commander.unknownOption', 'error: unknown option'), 2],
  [new Interrupted('interrupted'), 130],
  [new Error('anything'), 1],
  ['text', 1],
])('gives %s the exit code %d', (error, code) => {
  expect(exitCodeOf(error)).toBe(code)
})

it('tells an error on one line of stderr, with its code', () => {
  expect(report(new VideoError('ERR_OPEN', 'Cannot open "a.mp4":\n  no moov'))).toEqual({
    code: 1,
    stderr: 'framemill: Cannot open "a.mp4": no moov (ERR_OPEN)\n',
    stdout: '',
  })
})

it('tells it again as the last JSON line when asked', () => {
  const { stdout } = report(new RangeError('Expected a number above 0 for fps but received -2'), true)
  expect(stdout).toBe('{"type":"error","code":"ERR_USAGE","message":"Expected a number above 0 for fps but received -2"}\n')
})

it('repeats nothing that commander has printed', () => {
  const error = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--foo'")
  expect(report(error, true)).toEqual({
    code: 2,
    stderr: '',
    stdout: '{"type":"error","code":"ERR_USAGE","message":"unknown option \'--foo\'"}\n',
  })
  expect(report(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), true)).toEqual({ code: 0, stderr: '', stdout: '' })
})

it('ends quietly when the reader has gone', () => {
  expect(report(new ReaderGone('gone'), true)).toEqual({ code: 0, stderr: '', stdout: '' })
})

it('tells a failed write in the words of the system', () => {
  const cause = Object.assign(new Error("ENOSPC: no space left on device, write '/a/.b.tmp'"), { errno: -28, code: 'ENOSPC' })
  const error = new OutputError('/a/b', cause)
  expect(error).toMatchObject({ code: 'ENOSPC', message: 'Cannot write "/a/b": no space left on device' })
  expect(new OutputError('/a/b', new Error('bad pixels'))).toMatchObject({ code: 'ERR_OUTPUT', message: 'Cannot write "/a/b": bad pixels' })
})
