// What the linter holds the code to, beyond what the compiler does. Layout is Prettier's; layers are .dependency-cruiser.cjs's.
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const ownerless = 'A file without an owner’s name has no owner: name it after what it owns.'

export default defineConfig(
  globalIgnores(['dist/', 'build*/', 'coverage/', 'docs/api/', 'demo-output/', 'test/fixtures/clips/']),
  {
    files: ['**/*.{js,mjs,cjs,ts}'],
    extends: [tseslint.configs.recommended],
    rules: {
      eqeqeq: 'error',
      'no-restricted-imports': ['error', { patterns: [{ regex: '(^|/)(utils?|misc|common|helpers?)\\.js$', message: ownerless }] }],
      'object-shorthand': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-console': 'error',
      // An aborted job rejects with the signal's own reason, whatever the caller made it.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowThrowingAny: true }],
      // Numbers read well in messages; anything else is said what it is.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // One-line callbacks and early returns may end in a call that returns nothing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // An AbortSignal's reason is whatever its owner gave it, and is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      // Methods of an asynchronous interface are async even when one of them has nothing to wait for: what they throw is a rejection.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'always' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // Where a page may not use the clipboard, the old way to copy is the only one.
    files: ['src/cli/page/clipboard.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    // Says of any value what it is: whatever comes in is turned into text.
    files: ['src/errors.ts'],
    rules: { '@typescript-eslint/no-base-to-string': 'off' },
  },
)
