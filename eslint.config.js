import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom below `src/`, so that data goes one way. A folder may always import itself; what stands in no list
 * is refused. `recently-used.ts` beside the folders is for all. Wiring (`*.module.ts`, `app.module.ts`, `create-app.ts`, `boot.ts`) may import what it wires.
 */
const MAY_IMPORT = {
  config: [],
  log: [],
  records: [],
  events: [],
  http: [],
  queue: [],
  errors: ['log', 'queue'],
  core: ['events', 'records', 'http'],
  translators: ['events', 'records'],
  connectors: ['records', 'http'],
  state: ['connectors', 'records', 'events', 'http', 'log'],
  tenants: ['state', 'core', 'http'],
  intake: ['state', 'queue', 'events'],
  webhooks: ['intake', 'state', 'queue', 'events', 'errors', 'log'],
  'catch-up': ['intake', 'queue', 'state', 'tenants', 'connectors', 'core', 'config', 'log'],
  sync: [
    'queue',
    'state',
    'tenants',
    'core',
    'translators',
    'connectors',
    'records',
    'events',
    'http',
    'config',
    'log',
  ],
  lifecycle: ['state', 'connectors', 'sync', 'catch-up', 'errors', 'log'],
  health: ['queue', 'state', 'sync', 'log'],
  retention: ['queue', 'config', 'log'],
  pulse: ['queue', 'state', 'sync', 'config', 'log'],
  ops: ['config', 'queue', 'records'],
  console: ['config', 'queue', 'state', 'tenants', 'sync', 'connectors', 'records', 'ops', 'errors', 'log'],
  manifest: ['connectors', 'events', 'records'],
};

/** Of these only types, which leave nothing behind at run time. */
const MAY_IMPORT_TYPES = { core: ['state'], translators: ['core'] };

const folders = Object.keys(MAY_IMPORT);

const importDirection = folders.map((folder) => {
  const values = MAY_IMPORT[folder];
  const types = MAY_IMPORT_TYPES[folder] ?? [];
  const refused = folders.filter((other) => ![folder, ...values, ...types].includes(other));
  const allowed = [...values, ...types.map((name) => `${name} (types)`)].join(', ') || 'nothing of ours';
  const message = `src/${folder} may import only: ${allowed} (eslint.config.js).`;
  return {
    files: [`src/${folder}/**/*.ts`],
    ignores: ['**/*.module.ts', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: `^(\\.\\./)+(${refused.join('|')})/`, message },
            ...types.map((name) => ({ regex: `^(\\.\\./)+${name}/`, allowTypeImports: true, message })),
            { regex: '(^|/)(sandbox|test)/', message: 'The program never imports its test bed.' },
            {
              regex: '^(\\.\\./)+(boot|main|ops|create-app|app\\.module)\\.js$',
              message: 'Nothing imports the composition root.',
            },
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['build/', 'dist/', '**/node_modules/', 'coverage/', 'data/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-console': 'error',
    },
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './packaging/tsconfig.json',
          './sandbox/tsconfig.json',
          './dashboards/tsconfig.json',
          './bench/tsconfig.json',
          './test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    // Type-only: decorators need the class itself at run time, so Nest's constructor types must stay value imports.
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['src/translators/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Translators have no clock: use snapshot.asOfMs.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Translators have no clock: use snapshot.asOfMs.',
        },
      ],
    },
  },
  ...importDirection,
  { files: ['**/*.js'], languageOptions: { globals: globals.node } },
  // Nest's classes without decorators: they are names for the injector.
  { files: ['bench/**/*.js'], rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
  {
    files: ['sandbox/page/public/**/*.js', 'src/console/console-page/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['dashboards/page/browser/**/*.js'],
    languageOptions: { globals: { ...globals.browser, uPlot: 'readonly' } },
  },
  { files: ['sandbox/**/*.ts'], rules: { 'no-console': 'off' } },
  prettier,
);
