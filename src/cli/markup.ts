// Owns writing text into HTML and SVG, so that nothing in it is taken for markup.

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text between tags or between quotes. Control characters, which XML has no way to write, become spaces. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** JSON that may stand in a script element: without "<" nothing in it can end the element or begin a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
