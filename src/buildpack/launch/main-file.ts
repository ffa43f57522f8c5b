import { APISIX } from '../config/function.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';

/** What the rendered main starts: https://github.com/openfunction/builder-node/blob/main/docs/architecture.md */
export interface MainValues {
  /** Folder of the framework package in the image. */
  readonly frameworkDir: string;
  /** Absolute path of the function's module in the image. */
  readonly source: string;
  readonly target: string;
  readonly signatureType: string;
  /** Folder of compiled code in the image; undefined when there is none. */
  readonly compiledCode?: string | undefined;
  /** Whether stacks are to name the sources that the function was made of. */
  readonly sourceMaps?: boolean | undefined;
  /** Where native modules work with the ABI of one Node.js alone: that, and one of them. */
  readonly builtFor?: { readonly abi: string; readonly nativeModule: string } | undefined;
}

/** The ES module that node runs in the image: it hands the function found at build to the framework. */
export function renderMain(values: MainValues): string {
  const lines = values.signatureType === APISIX ? runnerLines(values) : functionLines(values);
  return `${[HEAD, ...lines].join('\n')}\n`;
}

/** The ES module that node imports before an application, to refuse a Node.js that its native modules would not load in. */
export function renderGuard(frameworkDir: string, builtFor: NonNullable<MainValues['builtFor']>): string {
  const lines = [
    '// Rendered for this application by openfunction/node-function.',
    `import { describeError } from ${inFramework(frameworkDir, FRAMEWORK.errors)};`,
    `import { refuseOtherAbi } from ${inFramework(frameworkDir, FRAMEWORK.builtFor)};`,
    '',
    'try {',
    `  refuseOtherAbi(${JSON.stringify(builtFor)}, process.versions);`,
    '} catch (error) {',
    '  process.stderr.write(`${describeError(error)}\\n`);',
    '  process.exit(1);',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * What node requires before an application: it ends process 1 by signals that nobody else handles, to which Linux would
 * have it deaf. It is CommonJS, because an ES module would start a loader that most applications do without.
 */
export const SIGNALS = `// Rendered for this application by openfunction/node-function.
for (const [signal, number] of process.pid === 1 ? [['SIGINT', 2], ['SIGTERM', 15]] : []) {
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(128 + number);
  });
}
`;

const HEAD =
  '// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.';

function functionLines({
  frameworkDir,
  compiledCode,
  builtFor,
  sourceMaps,
  ...defaults
}: MainValues): readonly string[] {
  const main = inFramework(frameworkDir, FRAMEWORK.main);
  const args = [defaults, ...(builtFor === undefined ? [] : [builtFor])].map((value) => JSON.stringify(value));
  const maps = mapsLines(sourceMaps);
  const start = [...maps.start, `await main(${args.join(', ')});`];
  if (compiledCode === undefined) return [...maps.imports, `import { main } from ${main};`, '', ...start];
  return [
    ...maps.imports,
    `import { linkCompileCache } from ${inFramework(frameworkDir, FRAMEWORK.compileCache)};`,
    '',
    `process.once('exit', linkCompileCache(${JSON.stringify(compiledCode)}));`,
    `const { main } = await import(${main});`,
    ...start,
  ];
}

function runnerLines({ frameworkDir, source, sourceMaps }: MainValues): readonly string[] {
  const main = inFramework(frameworkDir, FRAMEWORK.runner.main);
  const run = JSON.stringify(['run', source]).slice(1, -1);
  const maps = mapsLines(sourceMaps);
  return [
    ...maps.imports,
    `import { main } from ${main};`,
    '',
    ...maps.start,
    `await main([${run}, ...process.argv.slice(2)]);`,
  ];
}

/** What makes stacks name sources, where they are to. */
function mapsLines(sourceMaps: boolean | undefined): Readonly<Record<'imports' | 'start', readonly string[]>> {
  if (sourceMaps !== true) return { imports: [], start: [] };
  return { imports: ["import { setSourceMapsSupport } from 'node:module';"], start: ['setSourceMapsSupport(true);'] };
}

function inFramework(frameworkDir: string, path: string): string {
  return JSON.stringify(`${frameworkDir}/${path}`);
}
