/** The architecture as rules: five folders, one direction, no cycles (ARCHITECTURE.md). */
const engineLeaf = '^engine/src/(types|errors|contract|oci)/';
const engineStore =
  '^engine/src/(registry|content|metadata|events|snapshots|runtime|networks|volumes|credentials)/';
const engineFeature =
  '^engine/src/(agent-client|machine|images|containers|registries|builds|docker-tools|system)/';
const tests = '\\.test\\.tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle, even of types alone, means that two files are one or that a third is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'leaves-stand-alone',
      severity: 'error',
      comment:
        'types, errors, contract and oci are shared with the renderer: they import each other and zod.',
      from: { path: engineLeaf, pathNot: tests },
      to: { pathNot: [engineLeaf, '(^|/)node_modules/zod/'] },
    },
    {
      name: 'stores-below-features',
      severity: 'error',
      from: { path: engineStore },
      to: { path: [engineFeature, '^engine/src/(engine|index)\\.ts$', '^engine/src/(host|api)/'] },
    },
    {
      name: 'features-below-engine',
      severity: 'error',
      from: { path: engineFeature },
      to: { path: ['^engine/src/(engine|index)\\.ts$', '^engine/src/(host|api)/'] },
    },
    {
      name: 'siblings-meet-at-the-index',
      severity: 'error',
      comment: 'Another folder of the engine is used through its index.ts.',
      from: { path: '^engine/src/([^/]+)/', pathNot: tests },
      to: {
        path: '^engine/src/(registry|content|metadata|events|snapshots|runtime|networks|volumes|credentials|images|builds|registries|containers|system|docker-tools|agent-client)/',
        pathNot: ['^engine/src/$1/', '/index\\.ts$'],
      },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^engine/src/', pathNot: [tests, '^engine/src/testing/'] },
      to: { path: '^engine/src/testing/' },
    },
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/src/' },
      to: { path: ['^(electron|e2e|native|scripts)/', '^engine/src/(?!(types|errors|contract|oci)/)'] },
    },
    {
      name: 'only-the-bridge-opens-the-door',
      severity: 'error',
      comment: 'createClient and the transports are the business of renderer/src/bridge.',
      from: { path: '^renderer/src/', pathNot: ['^renderer/src/(bridge|testing)/', tests] },
      to: { path: '^engine/src/contract/(create-client|channel-pair|serve)\\.ts$' },
    },
    {
      name: 'ui-knows-no-domain',
      severity: 'error',
      from: { path: '^renderer/src/ui/', pathNot: tests },
      to: { path: ['^renderer/src/(app|features|bridge)/', '^engine/'] },
    },
    {
      name: 'lib-below-features',
      severity: 'error',
      from: { path: '^renderer/src/lib/', pathNot: tests },
      to: { path: '^renderer/src/(app|features|bridge)/' },
    },
    {
      name: 'features-do-not-import-the-app',
      severity: 'error',
      from: { path: '^renderer/src/features/' },
      to: { path: '^renderer/src/app/' },
    },
    {
      name: 'engine-knows-no-desktop',
      severity: 'error',
      from: { path: '^engine/' },
      to: { path: ['^(electron|renderer|e2e)/', '(^|/)node_modules/electron/'] },
    },
    {
      name: 'electron-through-the-front-door',
      severity: 'error',
      comment: 'engine/src/index.ts, host, the contract and the errors are what the desktop may use.',
      from: { path: '^electron/', pathNot: tests },
      to: {
        path: ['^engine/src/', '^(renderer|e2e)/'],
        pathNot: '^engine/src/(index\\.ts|(contract|errors|types|host)/index\\.ts)$',
      },
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { path: '^(engine|electron|renderer|e2e)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-packages-in-the-product',
      severity: 'error',
      from: {
        path: '^(engine|renderer)/src/',
        pathNot: [tests, '^engine/src/testing/', '^renderer/src/testing/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
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
    exclude: { path: ['(^|/)(dist|out|\\.tsbuild|\\.cache)/', '^native/', '^e2e/projects/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
