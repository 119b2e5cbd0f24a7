import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clipsOfCsv } from '../../src/cli/clip-csv.js'
import { clipsOfJson } from '../../src/cli/clip-json.js'
import { clipsOfText, readClipList } from '../../src/cli/clip-list.js'
import { InputError, Misuse } from '../../src/cli/failure.js'

const never = new AbortController().signal

describe('a list on the command line', () => {
  it('is ranges with commas between, with names and open ends where wanted', () => {
    expect(clipsOfText('1:00-1:20, goal=2:00-1:02:03.5,90.5-,first-half=0-45:00')).toEqual([
      { start: 60, end: 80 },
      { start: 120, end: 3723.5, name: 'goal' },
      { start: 90.5 },
      { start: 0, end: 2700, name: 'first-half' },
    ])
  })

  it.each([
    ['list.txt', '--clips, clip 1: expected START-END or NAME=START-END'],
    ['1-2,,3-4', '--clips, clip 2: expected START-END'],
    ['1-2-3', '--clips, clip 1: expected START-END'],
    ['1-2,1:75-2:00', '--clips, clip 2: expected seconds (12.5), M:SS or H:MM:SS.fff for start but received "1:75"'],
    ['1-2,3-x', '--clips, clip 2: expected seconds (12.5), M:SS or H:MM:SS.fff for end but received "x"'],
    ['2:00-1:00', '--clips, clip 1: the end 1:00 is not after the start 2:00'],
    ['5-5', '--clips, clip 1: the end 5 is not after the start 5'],
  ])('"%s" is misuse that names the clip and the value', (list, words) => {
    expect(() => clipsOfText(list)).toThrow(Misuse)
    expect(() => clipsOfText(list)).toThrow(words)
  })
})

describe('a CSV list', () => {
  it('has its columns in any order when the first row names them', () => {
    const text = '\uFEFFTitle,END,start,name\r\n"Goal, at last",1:20,1:00,goal\r\n\r\n,,2:00,\r\n"say ""no""",,0,\r\n'
    expect(clipsOfCsv(text, 'a.csv')).toEqual([
      { start: 60, end: 80, name: 'goal', title: 'Goal, at last' },
      { start: 120 },
      { start: 0, title: 'say "no"' },
    ])
  })

  it('has them as start, end, name, title without that row', () => {
    expect(clipsOfCsv('0:10,0:20\n 30 , 40 , second \n50,,third,"The, third"\n', 'a.csv')).toEqual([
      { start: 10, end: 20 },
      { start: 30, end: 40, name: 'second' },
      { start: 50, name: 'third', title: 'The, third' },
    ])
  })

  it('begins with a clip when the first row has times, also when that clip is called start', () => {
    expect(clipsOfCsv('0,10,start\n', 'a.csv')).toEqual([{ start: 0, end: 10, name: 'start' }])
  })

  it('may have rows that say nothing', () => {
    expect(clipsOfCsv('start,end\n,\n1,2\n,\n', 'a.csv')).toEqual([{ start: 1, end: 2 }])
    expect(clipsOfCsv('', 'a.csv')).toEqual([])
  })

  it.each([
    ['start,end\n1,2\n\nx,4', 'a.csv, row 4: expected seconds (12.5), M:SS or H:MM:SS.fff for start but received "x"'],
    ['start,end,title\n1,2,"a\nb"\n3,2,', 'a.csv, row 4: the end 2 is not after the start 3'],
    ['start,end\n,4', 'a.csv, row 2: there is no start'],
    ['1,2\n-3,4', 'a.csv, row 2: expected seconds (12.5), M:SS or H:MM:SS.fff for start but received "-3"'],
    ['1;2', 'received "1;2"'],
    ['start,nmae\n1,x', 'a.csv, row 1: expected columns start, end, name, title but received "nmae"'],
    ['start,end,start\n1,2,3', 'a.csv, row 1: there are two columns "start"'],
    ['start,end\n1,2,three', 'a.csv, row 2: "three" is one value more than the 2 columns start, end'],
    ['1,2,a,b,c', 'a.csv, row 1: "c" is one value more'],
    ['1,2\n"3,4', 'a.csv: Quote Not Closed'],
  ])('%j is misuse that names the row and the value', (text, words) => {
    expect(() => clipsOfCsv(text, 'a.csv')).toThrow(Misuse)
    expect(() => clipsOfCsv(text, 'a.csv')).toThrow(words)
  })
})

describe('a JSON list', () => {
  it('is an array of clips, bare or as "clips", with times as numbers or as people type them', () => {
    const clips = [{ start: 1.5, end: '1:00', name: 'a', title: 'A' }, { start: '0:02' }]
    const read = [{ start: 1.5, end: 60, name: 'a', title: 'A' }, { start: 2 }]
    expect(clipsOfJson(JSON.stringify(clips), 'a.json')).toEqual(read)
    expect(clipsOfJson(`\uFEFF${JSON.stringify({ clips, made: 'by hand' })}`, 'a.json')).toEqual(read)
  })

  it('hands on whatever else a clip says, as it is', () => {
    const own = { mode: 'encode', video: { crf: 20 }, transform: { width: 320 }, audio: false, unheard: 1 }
    expect(clipsOfJson(JSON.stringify([{ start: 0, end: 1, ...own }]), 'a.json')).toEqual([{ start: 0, end: 1, ...own }])
  })

  it.each([
    ['{"clip":[]}', 'a.json: expected an array of clips, or an object with one called "clips"'],
    ['"1-2"', 'a.json: expected an array of clips'],
    ['[{"start":1},7]', 'a.json, clip 2: expected an object but received 7'],
    ['[{"start":1},[1,2]]', 'a.json, clip 2: expected an object but received [1,2]'],
    ['[{"end":1}]', 'a.json, clip 1: there is no start'],
    ['[{"start":true}]', 'for start but received true'],
    ['[{"start":-1}]', 'for start but received -1'],
    ['[{"start":1,"name":3}]', 'a.json, clip 1: expected text for name but received 3'],
    ['[{"start":1,"end":0.5}]', 'a.json, clip 1: the end 0.5 is not after the start 1'],
    ['[{"start":1]', 'a.json: '],
  ])('%s is misuse that names the clip and the value', (text, words) => {
    expect(() => clipsOfJson(text, 'a.json')).toThrow(Misuse)
    expect(() => clipsOfJson(text, 'a.json')).toThrow(words)
  })
})

describe('where a list comes from', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framemill-lists-'))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })
  const read = (list: string, stdin = ''): Promise<object[]> => readClipList(list, Readable.from([Buffer.from(stdin)]), never)

  it('is a file when the name ends so, in any case', async () => {
    await writeFile(join(folder, 'a.CSV'), 'start,end\n1,2\n')
    await writeFile(join(folder, 'a.json'), '[{"start":3}]')
    expect(await read(join(folder, 'a.CSV'))).toEqual([{ start: 1, end: 2 }])
    expect(await read(join(folder, 'a.json'))).toEqual([{ start: 3 }])
  })

  it('is stdin for a dash: JSON when it begins like it, else CSV', async () => {
    expect(await read('-', ' \n[{"start":1}]')).toEqual([{ start: 1 }])
    expect(await read('-', '{"clips":[{"start":2}]}')).toEqual([{ start: 2 }])
    expect(await read('-', 'start\n3\n')).toEqual([{ start: 3 }])
    await expect(read('-', '1,x')).rejects.toThrow('stdin, row 1: ')
  })

  it('is told when it cannot be read, and why', async () => {
    const missing = join(folder, 'none.csv')
    await expect(read(missing)).rejects.toThrow(InputError)
    await expect(read(missing)).rejects.toMatchObject({ code: 'ENOENT', message: `Cannot read "${missing}": no such file or directory` })
  })

  it('must name a clip', async () => {
    await writeFile(join(folder, 'empty.csv'), 'start,end\n')
    await expect(read(join(folder, 'empty.csv'))).rejects.toThrow('empty.csv: there is no clip in it')
    await expect(read('-', '[]')).rejects.toThrow('stdin: there is no clip in it')
  })
})
