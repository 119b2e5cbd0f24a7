// Which file may import which: one direction from errors up to the command line, no cycles, and a native core that knows no Node.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

function filesBelow(folder: string, extension: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm)
  return [...statements].map(([, type, to = '']) => {
    const target = relative(root, join(root, dirname(file), to)).replace(/\.js$/, '.ts')
    return { from: file, to: target, isType: type !== undefined }
  })
}

const files = filesBelow('src', /\.ts$/)
const imports = files.flatMap(importsOf)

/** Higher layers know lower ones. Files of one layer may know each other, without a cycle. */
const layers: readonly (readonly string[])[] = [
  ['src/errors.ts', 'src/folders.ts', 'src/user-folders.ts', 'src/version.ts'],
  ['src/options/', 'src/source-types.ts'],
  ['src/native/', 'src/analysis/'],
  ['src/tasks.ts'],
  ['src/pool/', 'src/worker/', 'src/plan/', 'src/source/'],
  ['src/jobs/', 'src/tune/'],
  ['src/engine-workers.ts', 'src/recommend-workers.ts'],
  ['src/engine.ts'],
  ['src/index.ts', 'src/measure/'],
  ['src/cli/'],
]

function layerOf(file: string): number {
  return layers.findIndex((members) => members.some((member) => (member.endsWith('/') ? file.startsWith(member) : file === member)))
}

/** Everything that is loaded when `file` is: types are not. */
function loadedBy(file: string, seen: Set<string> = new Set()): Set<string> {
  for (const { from, to, isType } of imports) {
    if (from !== file || isType || seen.has(to)) continue
    seen.add(to)
    loadedBy(to, seen)
  }
  return seen
}

/** A path of imports that leads back to where it began, of files or of folders; undefined when there is none. */
function cycleIn(edges: readonly { readonly from: string; readonly to: string }[]): string[] | undefined {
  const done = new Set<string>()
  const visit = (at: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at]
    if (done.has(at)) return undefined
    for (const { from, to } of edges) {
      const cycle = from === at ? visit(to, [...path, at]) : undefined
      if (cycle !== undefined) return cycle
    }
    done.add(at)
    return undefined
  }
  for (const { from } of edges) {
    const cycle = visit(from, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

function folderOf(file: string): string {
  return dirname(file) === 'src' ? file : dirname(file)
}

const arrow = ({ from, to }: Import): string => `${from} -> ${to}`

describe('imports of src', () => {
  it('are found at all, and each file has its layer', () => {
    expect(imports.length).toBeGreaterThan(100)
    expect(files.filter((file) => layerOf(file) === -1)).toEqual([])
    expect(imports.filter(({ to }) => !files.includes(to)).map(arrow)).toEqual([])
  })

  it('point down, types included', () => {
    expect(imports.filter(({ from, to }) => layerOf(to) > layerOf(from)).map(arrow)).toEqual([])
  })

  it('make no cycle of files, types included', () => {
    expect(cycleIn(imports)).toBeUndefined()
  })

  it('make no cycle of folders, types included', () => {
    const between = imports.map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) })).filter(({ from, to }) => from !== to)
    expect(cycleIn(between)).toBeUndefined()
  })

  it('of errors.ts and source-types.ts are none', () => {
    expect(imports.filter(({ from }) => from === 'src/errors.ts' || from === 'src/source-types.ts').map(arrow)).toEqual([])
  })

  it('of plan/ reach neither the pool nor the loader of the addon; the border may lend it types', () => {
    const planned = files.filter((file) => file.startsWith('src/plan/'))
    const direct = imports.filter(({ from, to }) => planned.includes(from) && (to.startsWith('src/pool/') || to.startsWith('src/worker/')))
    expect(direct.map(arrow)).toEqual([])
    const reached = planned.flatMap((file) =>
      [...loadedBy(file)].filter((to) => to.startsWith('src/pool/') || to === 'src/native/binding.ts'),
    )
    expect(reached).toEqual([])
  })

  it('of the command line know the package by its index, its version without loading it, and how folders are made', () => {
    const known = ['src/index.ts', 'src/version.ts', 'src/folders.ts']
    const outside = imports.filter(({ from, to }) => from.startsWith('src/cli/') && !to.startsWith('src/cli/') && !known.includes(to))
    expect(outside.map(arrow)).toEqual([])
  })

  it('of the thread entry come from nowhere: the executor names it by URL', () => {
    expect(imports.filter(({ from, to }) => to.startsWith('src/worker/') && !from.startsWith('src/worker/')).map(arrow)).toEqual([])
  })

  it('of the index are its exports and nothing else', () => {
    const lines = readFileSync(join(root, 'src/index.ts'), 'utf8').split('\n')
    expect(lines.filter((line) => !/^(\/\/|export |  \w+,$|\} from |$)/.test(line))).toEqual([])
  })
})

describe('the native sources', () => {
  const included = (folder: string): { file: string; header: string }[] =>
    filesBelow(folder, /\.(h|cpp)$/).flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return [...text.matchAll(/^\s*#\s*include\s+[<"]([^>"]+)[>"]/gm)].map(([, header = '']) => ({ file, header }))
    })

  it('of av/ know no Node', () => {
    const headers = included('native/av')
    expect(headers.length).toBeGreaterThan(20)
    expect(headers.filter(({ header }) => /napi|node_api|^node\//.test(header))).toEqual([])
  })

  it('of node/ and the addon know no FFmpeg', () => {
    const addon = included('native').filter(({ file }) => !file.startsWith('native/av/') && !file.startsWith('native/test/'))
    expect(addon.length).toBeGreaterThan(10)
    expect(addon.filter(({ header }) => /^lib(av|sw)/.test(header) || header.endsWith('ffmpeg.h'))).toEqual([])
  })

  it('include libav in ffmpeg.h alone', () => {
    const direct = included('native/av').filter(({ header }) => /^lib(av|sw)/.test(header))
    expect([...new Set(direct.map(({ file }) => file))]).toEqual(['native/av/ffmpeg.h'])
  })

  it('of node/ reach FFmpeg by no detour', () => {
    const all = included('native')
    const reach = (file: string, seen: Set<string>): Set<string> => {
      for (const { header } of all.filter((one) => one.file === file)) {
        const path = `native/${header}`
        if (!seen.has(path)) reach(path, seen.add(path))
      }
      return seen
    }
    const faces = filesBelow('native/node', /\.(h|cpp)$/)
    expect(faces.filter((file) => reach(file, new Set()).has('native/av/ffmpeg.h'))).toEqual([])
  })
})
