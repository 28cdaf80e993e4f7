/** Jest 30 as ES modules: TypeScript is stripped by swc, types are checked by `npm run types`. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/sandbox', '<rootDir>/dashboards'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Much of it waits for processes of its own, so each core has a worker.
  maxWorkers: '100%',
  globalSetup: '<rootDir>/test/support/jest-global-setup.js',
  // Generous, because a shared machine may be many times slower than it was a minute ago.
  testTimeout: 180_000,
};
