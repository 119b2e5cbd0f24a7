import { expect, it } from 'vitest'
import { escapeMarkup, scriptJson } from '../../src/cli/markup.js'

it('writes every character that markup is made of as an entity', () => {
  expect(escapeMarkup(`a<b>&"c'\u0000\n`)).toBe('a&lt;b&gt;&amp;&quot;c&#39;  ')
})

it('writes JSON that cannot end the script element it stands in, and that reads as what it was', () => {
  const value = { text: '</script><!-- <script>', number: 1.5, nothing: null }
  expect(scriptJson(value)).not.toContain('<')
  expect(JSON.parse(scriptJson(value))).toEqual(value)
})
