// The files of an export: nothing under its final name until it is whole, nothing left behind, and the record of what was made.
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClipFiles, exists, makeOutputFolder, removeLeftovers, sizeOf } from '../../src/jobs/export-files.ts'
import { ExportLedger, fingerprintOf, type LedgerEntry } from '../../src/jobs/export-ledger.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framemill-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string): string => join(folder, name)
const ioFault = (path: string): unknown => expect.objectContaining({ code: 'ERR_IO', path })

describe('the files of a clip', () => {
  it('become the final one at once, in its folder, and the parts vanish', async () => {
    const files = new ClipFiles(at('clip.mp4'))
    writeFileSync(files.temporary, 'whole')
    writeFileSync(files.spool('v0'), 'part')
    expect([dirname(files.temporary), readdirSync(folder).includes('clip.mp4')]).toEqual([folder, false])
    expect(await files.settle()).toBe(5)
    await files.commit()
    await files.discard()
    expect(readdirSync(folder)).toEqual(['clip.mp4'])
    expect(readFileSync(at('clip.mp4'), 'utf8')).toBe('whole')
  })

  it('replace a file of that name only when they are committed', async () => {
    writeFileSync(at('clip.mp4'), 'before')
    const files = new ClipFiles(at('clip.mp4'))
    writeFileSync(files.temporary, 'after')
    await files.settle()
    expect(readFileSync(at('clip.mp4'), 'utf8')).toBe('before')
    await files.discard()
    expect(readdirSync(folder)).toEqual(['clip.mp4'])
  })

  it('of two at work on one name do not meet', () => {
    const [one, other] = [new ClipFiles(at('clip.mp4')), new ClipFiles(at('clip.mp4'))]
    expect(new Set([one.temporary, other.temporary, one.spool('v0'), other.spool('v0')]).size).toBe(4)
  })

  it('that were never written cannot become final, and the fault names the final one', async () => {
    const files = new ClipFiles(at('clip.mp4'))
    await expect(files.settle()).rejects.toThrow(ioFault(at('clip.mp4')))
    await expect(files.commit()).rejects.toThrow(ioFault(at('clip.mp4')))
    await files.discard()
  })
})

describe('a folder of outputs', () => {
  it('is made with those above it, and may be there already', async () => {
    await makeOutputFolder(at('a/b/c'))
    await makeOutputFolder(at('a/b/c'))
    expect(await exists(at('a/b/c'))).toBe(true)
  })

  it('that cannot be made is a fault that names it', async () => {
    writeFileSync(at('file'), '')
    await expect(makeOutputFolder(at('file/below'))).rejects.toThrow(ioFault(at('file/below')))
  })

  it('loses what ended processes left, and keeps what living ones and users have there', async () => {
    // Process ids end far below this on every system.
    const [, here = ''] = /-([0-9a-f]{8})-/.exec(new ClipFiles(at('clip.mp4')).temporary) ?? []
    const stale = [`.clip.mp4.4194999999-${here}-0123abcd.clip.tmp`, `.clip.mp4.4194999999-${here}-0123abcd.v0.tmp`]
    const kept = [
      `.clip.mp4.${process.pid}-${here}-0123abcd.clip.tmp`,
      `.clip.mp4.4194999999-${here}-0123abc.clip.tmp`,
      // Of another host that shares the folder.
      '.clip.mp4.4194999999-00000000-0123abcd.clip.tmp',
      'clip.mp4',
      `x.4194999999-${here}-0123abcd.v0.tmp`,
    ]
    for (const name of [...stale, ...kept]) writeFileSync(at(name), '')
    await removeLeftovers(folder)
    expect(readdirSync(folder).sort()).toEqual(kept.sort())
    await removeLeftovers(at('no-such-folder'))
  })

  it('tells the size of a file, or that there is none', async () => {
    writeFileSync(at('five'), '12345')
    expect([await sizeOf(at('five')), await sizeOf(at('none')), await exists(at('none'))]).toEqual([5, null, false])
  })
})

describe('the ledger', () => {
  const entry: LedgerEntry = { file: 'clip.mp4', fingerprint: 'f', bytes: 5, mode: 'copy', start: 0, end: 1, frames: 30, encodedFrames: 0 }
  const find = async (file = 'clip.mp4', fingerprint = 'f'): Promise<LedgerEntry | null> =>
    (await ExportLedger.open(folder)).find(file, fingerprint)

  beforeEach(async () => {
    await (await ExportLedger.open(folder)).add(entry)
  })

  it('finds a file that is there and whole, made by the same request', async () => {
    expect(await find()).toBeNull()
    writeFileSync(at('clip.mp4'), '12345')
    expect(await find()).toEqual(entry)
    expect([await find('clip.mp4', 'g'), await find('other.mp4')]).toEqual([null, null])
    writeFileSync(at('clip.mp4'), '1234')
    expect(await find()).toBeNull()
  })

  it('goes by the newest entry of a file', async () => {
    writeFileSync(at('clip.mp4'), '123456')
    await (await ExportLedger.open(folder)).add({ ...entry, fingerprint: 'g', bytes: 6 })
    expect([await find(), (await find('clip.mp4', 'g'))?.bytes]).toEqual([null, 6])
  })

  it('passes over lines that are no entries', async () => {
    writeFileSync(at('clip.mp4'), '12345')
    const name = readdirSync(folder).find((each) => each.endsWith('.jsonl')) ?? ''
    appendFileSync(at(name), '{"file":"clip.mp4","fingerprint":\nnull\n[]\n{"file":"clip.mp4"}\n')
    expect(await find()).toEqual(entry)
  })

  it('that cannot be written is a fault', async () => {
    const ledger = await ExportLedger.open(at('gone'))
    await expect(ledger.add(entry)).rejects.toThrow(expect.objectContaining({ code: 'ERR_IO' }))
    mkdirSync(at('gone'))
    await expect(ledger.add(entry)).resolves.toBeUndefined()
  })

  it('knows a request by what it says, not by the order of its keys', () => {
    const print = fingerprintOf({ start: 0, video: { crf: 20, preset: null }, end: Infinity })
    expect(fingerprintOf({ end: Infinity, video: { preset: null, crf: 20 }, start: 0 })).toBe(print)
    for (const other of [
      { start: 0, video: { crf: 21, preset: null }, end: Infinity },
      { start: 0, video: { crf: 20, preset: null }, end: NaN },
    ]) {
      expect(fingerprintOf(other)).not.toBe(print)
    }
    expect(fingerprintOf({ options: ['a', 'b'] })).not.toBe(fingerprintOf({ options: ['b', 'a'] }))
  })
})
