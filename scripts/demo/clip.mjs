// Owns the demo's own video: moving pictures that cut, with sound, made by the ffmpeg command.

import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { capture, run, say } from '../setup/command.mjs'

const size = '1280x720'
const rate = 25
const sceneSeconds = 4

// Each scene differs from its neighbours in colour and in movement, so that every cut shows in a contact sheet.
const scenes = [
  { picture: `testsrc2=size=${size}:rate=${rate}`, toneHz: 220 },
  { picture: `mandelbrot=size=${size}:rate=${rate}:start_scale=1:end_scale=0.02:end_pts=400`, toneHz: 330 },
  {
    picture: `life=size=160x90:rate=${rate}:seed=7:mold=10:life_color=#FFC857:death_color=#1B998B:mold_color=#2D3047,scale=${size}:flags=neighbor`,
    toneHz: 440,
  },
  { picture: `gradients=size=${size}:rate=${rate}:n=4:c0=#E71D36:c1=#2EC4B6:c2=#FF9F1C:c3=#011627:seed=3:speed=0.05`, toneHz: 550 },
  { picture: `smptehdbars=size=${size}:rate=${rate},rotate=angle=t/2:fillcolor=#222222`, toneHz: 660 },
]

/** Makes the clip unless a finished one of this very recipe is there. */
export async function ensureDemoClip(file) {
  if (existsSync(file) && statSync(file).mtimeMs >= statSync(fileURLToPath(import.meta.url)).mtimeMs) return
  mkdirSync(dirname(file), { recursive: true })
  say(`making a clip of ${scenes.length * sceneSeconds} s with ffmpeg`)
  const unfinished = `${file}.part`
  const inputs = scenes.flatMap(({ picture, toneHz }) => [
    ...['-f', 'lavfi', '-t', String(sceneSeconds), '-i', picture],
    ...['-f', 'lavfi', '-t', String(sceneSeconds), '-i', `sine=frequency=${toneHz}:sample_rate=48000`],
  ])
  const squared = scenes.map((_, i) => `[${2 * i}:v]format=yuv420p,setsar=1[v${i}]`).join(';')
  const joined = scenes.map((_, i) => `[v${i}][${2 * i + 1}:a]`).join('')
  const graph = `${squared};${joined}concat=n=${scenes.length}:v=1:a=1[v][a]`
  const output = [...(await videoEncoder()), '-c:a', 'aac', '-b:a', '96k', '-movflags', '+faststart', '-f', 'mp4', unfinished]
  try {
    await run('making the demo clip', 'ffmpeg', [
      '-hide_banner',
      '-loglevel',
      'error',
      '-nostdin',
      '-y',
      ...inputs,
      '-filter_complex',
      graph,
      '-map',
      '[v]',
      '-map',
      '[a]',
      ...output,
    ])
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

async function videoEncoder() {
  const { output } = await capture('ffmpeg', ['-hide_banner', '-encoders'])
  return / libx264 /.test(output)
    ? ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-bf', '3', '-g', '50']
    : ['-c:v', 'mpeg4', '-q:v', '3', '-bf', '2', '-g', '50']
}
