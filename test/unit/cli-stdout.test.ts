import { PassThrough, Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { Stdout } from '../../src/cli/stdout.js'

it('takes lines at once while the reader keeps up, and waits when it does not', async () => {
  const stream = new PassThrough({ highWaterMark: 16 })
  const stdout = new Stdout(stream, new AbortController().signal)
  expect(stdout.line('short')).toBeUndefined()
  const room = stdout.line('a line longer than the buffer')
  expect(room).toBeInstanceOf(Promise)
  stream.resume()
  await room
})

it('gives up waiting for the reader when stopped, with the reason', async () => {
  const stop = new AbortController()
  const stdout = new Stdout(new Writable({ highWaterMark: 1, write: () => undefined }), stop.signal)
  const stuck = stdout.bytes(new Uint8Array(8))
  const line = stdout.line('more')
  stop.abort(new Error('interrupted'))
  await expect(stuck).rejects.toThrow('interrupted')
  await expect(line).rejects.toMatchObject({ name: 'AbortError' })
  await expect(stdout.bytes(new Uint8Array(1))).rejects.toThrow('interrupted')
})

it('keeps bytes in order without copying them', async () => {
  const stream = new PassThrough()
  const stdout = new Stdout(stream, new AbortController().signal)
  const shared = new Uint8Array(new SharedArrayBuffer(3))
  shared.set([1, 2, 3])
  await Promise.all([stdout.bytes(shared), stdout.bytes(Uint8Array.of(4))])
  expect(Array.from(stream.read())).toEqual([1, 2, 3, 4])
})
