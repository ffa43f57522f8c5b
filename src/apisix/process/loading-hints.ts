/** The next acts where a path or a module of plugins is of no use, which differ with who loads it. */
export type LoadingHints = Readonly<Record<'path' | 'package' | 'throws' | 'typescript', string>>;

const THROWS =
  'Correct what it does at its top level; calls that need what is there at run time belong into `parseConf` or a filter.';
const ERASABLE =
  'replace enums, namespaces and parameter properties ("erasableSyntaxOnly" in tsconfig.json finds them)';

/** For a runner that APISIX or a person starts. */
export const OF_RUNNER: LoadingHints = {
  path: 'Give the path of a module, or of a folder with modules; one that is not absolute is relative to the folder that the runner is started in.',
  package: 'Install it where the plugins are, with "npm install" or by the package manager of their project.',
  throws: THROWS,
  typescript: `Node.js runs TypeScript by removing types: compile it with "npx tsc" and give the runner the folder that this makes, or ${ERASABLE}.`,
};

/** For the build of an image. */
export const OF_BUILD: LoadingHints = {
  path: 'Set FUNC_SRC to a module, or to a folder with modules, relative to the root of the app; a script "build" of package.json may make it.',
  package: 'Add it to `dependencies`; devDependencies are not in the image.',
  throws: `${THROWS} Where it needs a variable of the launch, give the build one too, or set BP_FUNCTION_CHECK=off.`,
  typescript: `Node.js runs TypeScript by removing types: add typescript to devDependencies, and the build compiles it, or ${ERASABLE}.`,
};
