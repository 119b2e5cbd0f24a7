// Draws docs/images/analysis.svg, the picture of an analysis in the README, from the made analysis of the tests. Run after npm run build:ts.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { analysisChart } from '../dist/cli/analysis-chart.js'
import { makeAnalysis } from '../test/fixtures/made-analysis.mjs'
import { root } from './setup.mjs'

mkdirSync(join(root, 'docs/images'), { recursive: true })
writeFileSync(join(root, 'docs/images/analysis.svg'), analysisChart(makeAnalysis()))
