import { FRAMEWORK } from './framework-package.ts';

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
export function renderMain({ frameworkDir, compiledCode, builtFor, sourceMaps, ...defaults }: MainValues): string {
  const moduleOf = (path: string): string => JSON.stringify(`${frameworkDir}/${path}`);
  const args = [defaults, ...(builtFor === undefined ? [] : [builtFor])].map((value) => JSON.stringify(value));
  const isCompiled = compiledCode !== undefined;
  const lines = [
    '// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.',
    ...(sourceMaps === true ? ["import { setSourceMapsSupport } from 'node:module';"] : []),
    isCompiled
      ? `import { linkCompileCache } from ${moduleOf(FRAMEWORK.compileCache)};`
      : `import { main } from ${moduleOf(FRAMEWORK.main)};`,
    '',
    ...(isCompiled ? [`process.once('exit', linkCompileCache(${JSON.stringify(compiledCode)}));`] : []),
    ...(isCompiled ? [`const { main } = await import(${moduleOf(FRAMEWORK.main)});`] : []),
    ...(sourceMaps === true ? ['setSourceMapsSupport(true);'] : []),
    `await main(${args.join(', ')});`,
  ];
  return `${lines.join('\n')}\n`;
}
