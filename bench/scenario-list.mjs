// Owns the list of scenarios and what one is given.
// @ts-check
import { adaptiveScenario } from './scenarios/adaptive.mjs'
import { analyzeMemoryScenario } from './scenarios/analyze-memory.mjs'
import { analyzeDraftScenario } from './scenarios/analyze-draft.mjs'
import { analyzeScenario } from './scenarios/analyze.mjs'
import { cancelScenario } from './scenarios/cancel.mjs'
import { coldStartScenario } from './scenarios/cold-start.mjs'
import { exportScenarios } from './scenarios/export.mjs'
import { handOffScenario } from './scenarios/hand-off.mjs'
import { indexScenario } from './scenarios/index.mjs'
import { leakScenario } from './scenarios/leak.mjs'
import { limitsScenario } from './scenarios/limits.mjs'
import { memoryScenario } from './scenarios/memory.mjs'
import { modelScenario } from './scenarios/model.mjs'
import { plannerScenario } from './scenarios/planner.mjs'
import { recommendScenario } from './scenarios/recommend.mjs'
import { scenesScenario } from './scenarios/scenes.mjs'
import { scenesFastScenario } from './scenarios/scenes-fast.mjs'
import { schedulerScenario } from './scenarios/scheduler.mjs'
import { sparseScenario } from './scenarios/sparse.mjs'
import { speedScenarios } from './scenarios/speed.mjs'

/**
 * @typedef {object} Context
 * @property {import('./media.mjs').Media} media
 * @property {boolean} quick
 * @property {number} pairs
 * @property {number} seed
 * @property {string | null} file
 * @property {(line: string) => void} say for lines about what goes on; a figure is for the result, which is proven
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {boolean} [onlyByName] left out unless asked for
 * @property {(context: Context) => Promise<import('./result.mjs').Result | import('./result.mjs').Skipped>} run throws when what is to be proven does not hold
 */

/** @type {Scenario[]} */
export const scenarios = [
  ...speedScenarios,
  sparseScenario,
  ...exportScenarios,
  analyzeScenario,
  analyzeDraftScenario,
  handOffScenario,
  schedulerScenario,
  plannerScenario,
  indexScenario,
  coldStartScenario,
  memoryScenario,
  analyzeMemoryScenario,
  cancelScenario,
  leakScenario,
  adaptiveScenario,
  recommendScenario,
  limitsScenario,
  modelScenario,
  scenesScenario,
  scenesFastScenario,
]
