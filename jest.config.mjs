export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'cjs', 'js', 'json', 'node'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip_types.mjs' },
  globalSetup: '<rootDir>/test/support/global_setup.ts',
  globalTeardown: '<rootDir>/test/support/global_teardown.ts',
  modulePathIgnorePatterns: ['<rootDir>/.data/'],
  maxWorkers: 2,
  // One limit for all: only a test that hangs comes near it, on however busy a machine.
  testTimeout: 120_000,
};
