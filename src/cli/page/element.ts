// Owns finding the elements that the page is written with.

/** @throws Error when the page has no such element: page.html and this script belong together */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} "${id}"`)
}
