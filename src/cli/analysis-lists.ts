// Owns what the page of an analysis says in words: facts, names of lanes, and the lists of highlights, scenes and silences. HTML, all of it
// escaped; readable without the page's script.
import { basename } from 'node:path'
import type { AnalysisPicture, ShownHighlight, ShownRange, ShownScene } from './analysis-picture.js'
import { quietest } from './curve.js'
import { escapeMarkup } from './markup.js'
import type { PageData } from './page-data.js'
import { formatRate, grouped, sourceName } from './summary-text.js'
import { fullTime } from './times.js'

/** The name of the source as a title. */
export function titleOf(source: string): string {
  return sourceName(source) || basename(source) || source
}

/** What was analysed and what was found, and which parts could not be analysed. */
export function factsHtml({ start, end, duration, series, scenes, highlights, silences, beats }: AnalysisPicture): string {
  const { pictures, sound, frameRate, gaps } = series
  const isWhole = start <= 0 && end >= duration
  const facts = [
    ['Duration', fullTime(duration)],
    ...(isWhole ? [] : [['Analysed', `${fullTime(start)} to ${fullTime(end)}`]]),
    ['Pictures', pictures === null ? 'none' : `${grouped(pictures.count)}${pictures.isEveryFrame ? ' (all)' : ''}`],
    ...(pictures === null || frameRate === null ? [] : [['Frames a second', formatRate(frameRate.num / frameRate.den)]]),
    ...(sound === null ? [['Sound', 'none']] : []),
    ['Scenes', grouped(scenes.length)],
    ['Highlights', grouped(highlights.length)],
    ...(sound === null ? [] : [['Silences', grouped(silences.length)]]),
    ...(beats === undefined ? [] : [['Beats', grouped(beats.length)]]),
  ]
  const shown = facts.map(([name = '', text = '']) => `<div><dt>${name}</dt><dd>${text}</dd></div>`).join('')
  const missing = gaps.map(
    ({ kind, start: from, end: to, reason }) => `<li>No ${kind} from ${fullTime(from)} to ${fullTime(to)}: ${escapeMarkup(reason)}</li>`,
  )
  return `<dl class="facts">${shown}</dl>${missing.length === 0 ? '' : `<ul class="gaps" aria-label="Gaps">${missing.join('')}</ul>`}`
}

/** The lanes of the timeline: their names, and the ends of their scales. */
export function lanesHtml({ motion, motionTop, loudness, loudnessTop, thumbnails, highlights, silences }: PageData): string {
  const [motionScale, loudnessScale] = [`to ${formatShare(motionTop)}`, `${quietest} to ${loudnessTop} LUFS`.replaceAll('-', '−')]
  return [
    lane('ruler'),
    ...(thumbnails.length === 0 ? [] : [lane('film', 'Pictures')]),
    lane('scenes', 'Scenes'),
    motion === null ? lane('motion', 'Motion', 'no pictures', 'absent') : lane('motion', 'Motion', motionScale),
    loudness === null ? lane('loudness', 'Loudness', 'no sound', 'absent') : lane('loudness', 'Loudness', loudnessScale),
    ...(highlights.length === 0 ? [] : [lane('highlights', 'Highlights')]),
    ...(silences.length === 0 ? [] : [lane('silences', 'Silences')]),
  ].join('\n')
}

function lane(name: string, title = '', scale = '', state = ''): string {
  const [shownTitle, shownScale] = [title && `<span>${title}</span>`, scale && `<span class="scale">${scale}</span>`]
  return `<div class="lane ${name} ${state}" data-lane="${name}">${shownTitle}${shownScale}</div>`
}

/** How to read the drawing: only what is in it. */
export function legendHtml({ motion, loudness, scenes, highlights, silences, gaps, beats }: PageData): string {
  const has = (kind: string): boolean => scenes.some((scene, index) => index > 0 && scene.kind === kind)
  const keys = [
    ...(has('cut') ? [['cut', 'cut']] : []),
    ...(has('fade') ? [['fade', 'fade']] : []),
    ...(has('dissolve') ? [['dissolve', 'dissolve']] : []),
    ...(motion === null ? [] : [['motion', 'motion, in per cent of the picture’s width']]),
    ...(loudness === null ? [] : [['loudness', `momentary loudness${beats.length === 0 ? '' : ', with beats where there is room'}`]]),
    ...(highlights.length === 0 ? [] : [['highlight', 'highlight with its rank']]),
    ...(silences.length === 0 ? [] : [['silence', 'silence']]),
    ...(gaps.length === 0 ? [] : [['gap', 'could not be analysed']]),
  ]
  return `<ul class="legend">${keys.map(([kind = '', text = '']) => `<li class="key ${kind}">${text}</li>`).join('')}</ul>`
}

export function listsHtml({ highlights, scenes, silences, thumbnails }: AnalysisPicture): string {
  const hasPictures = thumbnails.length > 0
  const byRank = [...highlights].sort((a, b) => a.rank - b.rank)
  return [
    list(
      'Highlights',
      'best',
      byRank.map((highlight) => highlightHtml(highlight, hasPictures)),
    ),
    list(
      'Scenes',
      'sheet',
      scenes.map((scene, index) => sceneHtml(scene, index, hasPictures)),
    ),
    list(
      'Silences',
      'ranges',
      silences.map((silence) => `<li data-time="${number(silence.start)}">${rangeHtml(silence)}</li>`),
    ),
  ].join('\n')
}

function list(title: string, kind: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  const id = `list-${kind}`
  const count = `<span class="count">${grouped(items.length)}</span>`
  return `<section class="list" aria-labelledby="${id}"><h2 id="${id}">${title} ${count}</h2><ol class="${kind}">\n${items.join('\n')}\n</ol></section>`
}

function highlightHtml(highlight: ShownHighlight, hasPictures: boolean): string {
  const { start, end, rank, score, components, reason } = highlight
  const bars = Object.entries(components).map(([name, value]) => {
    const bar = `<svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width="${number(Math.min(1, Math.max(0, value)) * 100)}" height="3"/></svg>`
    return `<div><dt>${escapeMarkup(spaced(name))}</dt><dd>${decimals(value)}</dd>${bar}</div>`
  })
  return (
    `<li data-time="${number(start)}">${hasPictures ? shot((start + end) / 2) : ''}<div class="about">` +
    `<p><span class="rank" title="Rank ${rank}">${rank}</span>${rangeHtml(highlight)} <span class="more">score ${decimals(score)}</span></p>` +
    `<p class="reason">${escapeMarkup(reason)}</p><dl class="components">${bars.join('')}</dl></div></li>`
  )
}

function sceneHtml({ start, end, kind }: ShownScene, index: number, hasPictures: boolean): string {
  const how = index === 0 || kind === 'cut' ? '' : `<span class="more key ${kind}">${kind}</span>`
  return (
    `<li data-time="${number(start)}">${hasPictures ? shot((start + end) / 2) : ''}` +
    `<p><span class="more">${index + 1}</span>${timeButton(start)}<span class="more">${seconds(end - start)}</span>${how}</p></li>`
  )
}

function rangeHtml({ start, end }: ShownRange): string {
  return `<span class="range">${timeButton(start)} – ${timeButton(end)}</span> <span class="more">${seconds(end - start)}</span>`
}

/** The script puts the picture in. */
function shot(time: number): string {
  return `<div class="shot"><img data-at="${number(time)}" alt=""></div>`
}

function timeButton(time: number): string {
  return `<button type="button" class="time" data-copy="${number(time)}" title="Copy this time">${fullTime(time)}</button>`
}

function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

function decimals(value: number): string {
  return value.toFixed(2).replace('-', '−')
}

/** `silencePenalty` as people write it. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}
