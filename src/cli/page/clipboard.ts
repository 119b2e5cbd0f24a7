// Owns putting text into the clipboard, and saying that it is there.
import { byId } from './element.js'

const shownMs = 1800
let timer = 0

export async function copyText(text: string): Promise<void> {
  const isCopied = (await copyByApi(text)) || copyBySelection(text)
  const note = byId('note', HTMLElement)
  note.textContent = isCopied ? `Copied ${text}` : `The browser does not let this page copy: ${text}`
  note.classList.add('shown')
  clearTimeout(timer)
  timer = setTimeout(() => note.classList.remove('shown'), shownMs)
}

/** Pages opened from a file or over plain http may have no clipboard, or may not write to it. */
async function copyByApi(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true // no keyboard on a touch screen
  field.className = 'unseen'
  document.body.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  return isCopied
}
