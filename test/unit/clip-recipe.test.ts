// The tasks of a clip: what is encoded where to, what is copied, and how the file is put together.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clip } from '../../src/options/export-types.ts'
import { candidates, copyHidden, smartCut } from '../../src/plan/clip-cut.ts'
import { copyRecipe, decoderRun, encodeRecipe, smartRecipe, type Recipe } from '../../src/plan/clip-recipe.ts'
import type { RecipeRequest } from '../../src/plan/clip-request.ts'
import type { EncodePicturesTask } from '../../src/tasks.ts'
import { requestFor } from './clip-requests.ts'
import { range, scenes } from './clip-streams.ts'
import { indexOf } from './packet-tables.ts'

const edges = { encoder: 'libx264', options: ['bf', '0'] }

const pictures = ({ encodes }: Recipe): EncodePicturesTask[] => encodes.filter((task) => task.kind === 'encode-pictures')
const long = indexOf(range(0, 2000).map((pts) => ({ pts, dts: pts, isKey: pts % 100 === 0 })))
/** Of a smart cut from the first key frame after the start. */
function smart(request: RecipeRequest, isOpen = false): Recipe {
  const cut = smartCut(request.source.index, request.span, candidates(request.source.index, request.span, 1)[0] ?? -1)
  if (cut === null) throw new Error('there is something to copy')
  return smartRecipe(request, cut, edges, isOpen)
}

describe('an encoded clip', () => {
  it('is encoded in runs that begin at key frames, each into a spool, and played one after the other', () => {
    const request = requestFor(long, { clip: { start: 10, end: 110 } })
    const recipe = encodeRecipe(request)
    expect(pictures(recipe).flatMap(({ run }) => run.targets)).toEqual(range(100, 1100))
    expect(pictures(recipe).map(({ run }) => run.targets[0])).toEqual([100, 400, 700])
    expect(recipe.write.runs.map(({ kind, path }) => [kind, path])).toEqual(
      pictures(recipe).map(({ outputs }) => ['spool', outputs[0]?.path]),
    )
    expect(recipe.write.tracks).toEqual([{ streamIndex: 0, spool: 'spool-v0', edges: '', keepSideData: true }])
    expect(recipe.shown).toEqual([{ first: 100, last: 1100, isCopied: false }])
  })

  it('tells each run where its last frame ends, counted from the clip’s start in steps of all its timestamps', () => {
    const index = indexOf(range(0, 600).map((i) => ({ pts: 4 * i, dts: 4 * i, duration: 4, isKey: i % 100 === 0 })))
    const outputs = pictures(encodeRecipe(requestFor(index, { clip: { start: 40, end: 240 } }))).flatMap((task) => task.outputs)
    expect(outputs.map(({ timeBase, end }) => [timeBase, end])).toEqual([[{ num: 4, den: 10 }, 500]])
  })

  it('is one run where a filter looks at more than one picture, and keeps no display matrix', () => {
    const request = requestFor(long, { clip: { end: 150 }, filters: { video: 'fps=5', isPerFrame: false } })
    expect(encodeRecipe(request).write.tracks[0]?.keepSideData).toBe(false)
    expect(pictures(encodeRecipe(request)).map(({ outputs }) => outputs[0]?.filter)).toEqual(['fps=5'])
    expect(pictures(encodeRecipe(requestFor(long, { clip: { end: 150 } })))).toHaveLength(5)
  })
})

describe('a copied clip', () => {
  it('encodes nothing, and takes the packets that decoding needs with the span that is shown', () => {
    const request = requestFor(long, { clip: { start: 10.5, end: 25 } })
    const recipe = copyRecipe(request, copyHidden(long, request.span))
    expect(recipe.encodes).toEqual([])
    expect(recipe.write.runs).toEqual([
      expect.objectContaining({
        kind: 'indexed',
        origin: 105,
        from: 105,
        to: 250,
        startPts: 100,
        startDts: 100,
        count: 150,
        fromStreamStart: false,
      }),
    ])
    expect(recipe.endsAt).toBeNull()
  })

  it('is told to end where its packets show a frame beyond its end', () => {
    const index = indexOf([{ pts: 0, isKey: true }, { pts: 4 }, { pts: 1 }, { pts: 2 }, { pts: 3 }])
    const request = requestFor(index, { clip: { end: 0.3 } })
    expect(copyRecipe(request, copyHidden(index, request.span)).endsAt).toBeCloseTo(0.3)
  })
})

describe('a smart clip', () => {
  it('encodes the frames before and after what is copied, each once, and says which are which', () => {
    fc.assert(
      fc.property(scenes, ({ index, span }) => {
        const request = { ...requestFor(index), span }
        fc.pre(candidates(index, span, 1).length > 0)
        const recipe = smart(request)
        const encoded = pictures(recipe).flatMap(({ run }) => run.targets)
        const marked = recipe.shown.flatMap(({ first, last, isCopied }) => range(first, last).map((frame) => ({ frame, isCopied })))
        expect(marked.map(({ frame }) => frame)).toEqual(range(span.first, span.last))
        expect(encoded).toEqual(marked.filter(({ isCopied }) => !isCopied).map(({ frame }) => index.frames[frame]))
        expect(recipe.write.runs.map(({ kind }) => kind)).toEqual(recipe.shown.map(({ isCopied }) => (isCopied ? 'indexed' : 'spool')))
      }),
    )
  })

  it('moves the decode times of its head before those of what is copied, and ends a sequence before a CRA picture', () => {
    const index = indexOf([
      { pts: 0, dts: -2, isKey: true },
      { pts: 1, dts: 1 },
      { pts: 5, dts: 2, isKey: true },
      { pts: 6, dts: 3 },
    ])
    const [head, copied] = smart(requestFor(index, { clip: { start: 0.1 } }), true).write.runs
    expect(head).toMatchObject({ kind: 'spool', delay: 3, endsSequence: true })
    expect(copied).toMatchObject({ kind: 'indexed', startPts: 5, origin: 1, endsSequence: false })
    expect(smart(requestFor(index, { clip: { start: 0.1 } })).write.runs[0]?.endsSequence).toBe(false)
  })

  it('has no edges where it begins and ends at key frames', () => {
    const recipe = smart(requestFor(long, { clip: { start: 10, end: 20 } }))
    expect([recipe.encodes, recipe.write.tracks[0]?.edges]).toEqual([[], ''])
    expect(recipe.write.runs).toEqual([expect.objectContaining({ count: 100, to: 200 })])
  })
})

describe('a decoder’s run', () => {
  it('begins at the key packet that its first frame needs, and skips frames only where a packet tells that nobody refers to it', () => {
    const { source } = requestFor(long)
    expect(decoderRun(source, 250, 252)).toEqual({
      start: { pts: 200, dts: 200 },
      fallbacks: [
        { pts: 100, dts: 100 },
        { pts: 0, dts: 0 },
      ],
      skipUnreferenced: true,
      plain: false,
      byOrdinal: false,
      targets: [250, 251],
    })
    expect(decoderRun(requestFor(long, { stream: { codec: 'vp9' } }).source, 0, 1).skipUnreferenced).toBe(false)
    expect(decoderRun(requestFor(long, { stream: { fieldOrder: 'tt' } }).source, 0, 1).skipUnreferenced).toBe(false)
  })
})

describe('the file', () => {
  const chapters = [0, 50, 100].map((start) => ({ start, end: start + 50, title: `from ${start}` }))
  const made = { facts: { tags: { artist: 'A', encoder: 'E', major_brand: 'isom' }, chapters } }

  it('has the tags of the source but those about its container, and the title that was given', () => {
    const tags = (clip: object): string[] => [...encodeRecipe(requestFor(long, { clip, ...made })).write.file.tags]
    expect([tags({}), tags({ title: 'T' }), tags({ metadata: false })]).toEqual([['artist', 'A'], ['artist', 'A', 'title', 'T'], []])
  })

  it('has the parts of chapters that lie within, in seconds of its own, slower where it is', () => {
    const request = requestFor(long, { clip: { start: 40, end: 60 }, ...made })
    const expected = [
      { start: 0, end: 10, title: 'from 0' },
      { start: 10, end: 20, title: 'from 50' },
    ]
    expect(encodeRecipe(request).write.file.chapters).toEqual(expected)
    const slow = encodeRecipe({ ...request, filters: { ...request.filters, pace: 2 } }).write
    expect([slow.seconds, slow.file.chapters[1]?.end]).toEqual([40, 40])
  })

  it('counts in the source’s ticks where it has an edit list', () => {
    const options = (container: 'mp4' | 'mkv'): readonly string[] =>
      encodeRecipe(requestFor(long, { clip: { container } })).write.file.options
    expect(options('mp4')).toEqual(['movflags', '+faststart', 'video_track_timescale', '10', 'movie_timescale', '48000'])
    expect(options('mkv')).toEqual([])
  })

  it('counts in other ticks where filters give frames times between the source’s', () => {
    const options = (clip: Partial<Clip>, pace = 1): readonly string[] =>
      encodeRecipe(requestFor(long, { clip, filters: { pace } })).write.file.options
    const own = ['movflags', '+faststart', 'movie_timescale', '48000']
    expect(options({ transform: { fps: 30 } })).toEqual(own)
    expect(options({ filter: 'fps=30' })).toEqual(own)
    expect(options({ transform: { speed: 2 } }, 0.5)).toEqual([...own.slice(0, 2), 'video_track_timescale', '48000', ...own.slice(2)])
  })
})
