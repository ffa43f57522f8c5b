import { APISIX } from './config/function.ts';
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
  /** Where native modules work with the ABI of one Node.js alone: that, and one of them. */
  readonly builtFor?: { readonly abi: string; readonly nativeModule: string } | undefined;
}

/** The ES module that node runs in the image: it hands the function found at build to the framework. */
export function renderMain({ frameworkDir, compiledCode, builtFor, ...defaults }: MainValues): string {
  const moduleOf = (path: string): string => JSON.stringify(`${frameworkDir}/${path}`);
  const head =
    '// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.';
  const args = [defaults, ...(builtFor === undefined ? [] : [builtFor])].map((value) => JSON.stringify(value));
  const start = `await main(${args.join(', ')});`;
  if (defaults.signatureType === APISIX) {
    const run = JSON.stringify(['run', defaults.source]).slice(1, -1);
    return `${head}\nimport { main } from ${moduleOf(FRAMEWORK.runner.main)};\n\nawait main([${run}, ...process.argv.slice(2)]);\n`;
  }
  if (compiledCode === undefined) {
    return `${head}\nimport { main } from ${moduleOf(FRAMEWORK.main)};\n\n${start}\n`;
  }
  return `${head}
import { linkCompileCache } from ${moduleOf(FRAMEWORK.compileCache)};

process.once('exit', linkCompileCache(${JSON.stringify(compiledCode)}));
const { main } = await import(${moduleOf(FRAMEWORK.main)});
${start}
`;
}
