// Owns reading what the page was written with.
import type { PageData } from '../page-data.js'
import { byId } from './element.js'

export function readData(): PageData {
  const value: unknown = JSON.parse(byId('data', HTMLScriptElement).text)
  if (isPageData(value)) return value
  throw new Error('The page holds no data')
}

// Who wrote the page wrote its data and this script too: one look tells whether it is there.
function isPageData(value: unknown): value is PageData {
  return typeof value === 'object' && value !== null && 'scenes' in value && 'thumbnails' in value
}
