// Which way imports run: the layers of docs/architecture.md. `import type` counts like any other import.

/** What each folder or file of src/ may import of src/, besides itself. */
const layers = {
  'errors.ts': [],
  'source-types.ts': [],
  'user-folders.ts': [],
  'folders.ts': [],
  'version.ts': [],
  'native/': ['errors.ts', 'source-types.ts'],
  'options/': ['errors.ts'],
  'analysis/': ['errors.ts', 'options/'],
  'tasks.ts': ['errors.ts', 'native/'],
  'pool/': ['errors.ts', 'native/', 'tasks.ts'],
  'worker/': ['native/', 'pool/lane.ts', 'tasks.ts'],
  'source/': ['errors.ts', 'source-types.ts', 'native/', 'tasks.ts', 'pool/', 'folders.ts'],
  'plan/': ['source-types.ts', 'options/', 'native/', 'tasks.ts', 'source/packet-index.ts', 'source/display.ts'],
  'tune/': ['errors.ts', 'options/', 'folders.ts', 'user-folders.ts', 'version.ts'],
  'measure/': [
    'errors.ts',
    'options/',
    'native/',
    'tasks.ts',
    'pool/',
    'plan/',
    'jobs/',
    'tune/',
    'engine.ts',
    'folders.ts',
    'user-folders.ts',
  ],
  'jobs/': [
    'errors.ts',
    'folders.ts',
    'version.ts',
    'source-types.ts',
    'options/',
    'analysis/',
    'native/',
    'tasks.ts',
    'pool/',
    'source/',
    'plan/',
  ],
  'engine-workers.ts': ['options/', 'pool/', 'tune/'],
  'recommend-workers.ts': ['native/', 'options/', 'tune/'],
  'engine.ts': [
    'errors.ts',
    'options/',
    'analysis/',
    'native/',
    'pool/',
    'source/',
    'plan/',
    'jobs/',
    'tune/',
    'user-folders.ts',
    'engine-workers.ts',
    'recommend-workers.ts',
  ],
  'index.ts': [
    'errors.ts',
    'tune/',
    'source-types.ts',
    'options/',
    'analysis/',
    'pool/',
    'source/',
    'jobs/',
    'engine.ts',
    'recommend-workers.ts',
  ],
  'cli/': ['index.ts', 'folders.ts', 'version.ts'],
}

const pattern = (name) => `^src/${name.replaceAll('.', '\\.')}`

/** What a user imports, what a thread starts with, what a shell runs, what a page of the command line runs in a browser. */
const entryPoints = '^src/(index|worker/(entry|thread)|measure/entry|cli/main|cli/page/main)\\.c?ts$'

const layerRules = Object.entries(layers).map(([layer, allowed]) => ({
  name: `layer-${layer.replace(/\W+(ts)?$/, '')}`,
  comment: `src/${layer} may import ${allowed.length === 0 ? 'nothing else of src' : `of src only ${allowed.join(', ')}`}`,
  severity: 'error',
  from: { path: pattern(layer) },
  to: { path: '^src/', pathNot: [layer, ...allowed].map(pattern) },
}))

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one file, or need a third that both know',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'addon-in-few-hands',
      comment: 'Only workers run native code; the main thread loads the addon in two places and elsewhere knows its types',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/worker/', '^src/(engine|recommend-workers)\\.ts$', '^src/measure/clip\\.ts$', '^src/pool/piscina-executor\\.ts$'],
      },
      to: { path: '^src/native/binding\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'plan-is-pure',
      comment: 'A plan is arithmetic: no files, no clocks, no packages',
      severity: 'error',
      from: { path: '^src/plan/' },
      to: { pathNot: '^src/' },
    },
    {
      name: 'nothing-unused',
      comment: 'A file that none of the entry points leads to',
      severity: 'error',
      from: { path: entryPoints },
      to: { path: '^src/', pathNot: entryPoints, reachable: false },
    },
    {
      name: 'only-declared-packages',
      comment: 'What src/ imports is installed with the package',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
      },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
