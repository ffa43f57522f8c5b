import { FRAMEWORK } from './framework-package.ts';

/** What the rendered main starts: https://github.com/openfunction/builder-node/blob/main/docs/architecture.md */
export interface MainValues {
  /** Folder of the framework package in the image. */
  readonly frameworkDir: string;
  /** Absolute path of the function's module in the image. */
  readonly source: string;
  readonly target: string;
  readonly signatureType: string;
  /** Where native modules work with the ABI of one Node.js alone: that, and one of them. */
  readonly builtFor?: { readonly abi: string; readonly nativeModule: string } | undefined;
}

/** The ES module that node runs in the image: it hands the function found at build to the framework. */
export function renderMain(values: MainValues): string {
  const { frameworkDir, builtFor, ...defaults } = values;
  const args = [defaults, ...(builtFor === undefined ? [] : [builtFor])].map((value) => JSON.stringify(value));
  return `// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.
import { main } from ${JSON.stringify(`${frameworkDir}/${FRAMEWORK.main}`)};

await main(${args.join(', ')});
`;
}
