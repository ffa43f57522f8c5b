/** The framework as the buildpack carries it and as images get it. */
export const FRAMEWORK = {
  /** Its name for `import` and `require`. */
  name: '@openfunction/functions-framework',
  /** The module that serves a function, relative to the package. */
  main: 'build/serve/index.js',
  /** The module that lets a launch use compiled code, relative to the package. */
  compileCache: 'build/framework/compile-cache.js',
  /** The modules that tell an application that its native modules are of another Node.js, relative to the package. */
  builtFor: 'build/framework/built-for.js',
  errors: 'build/base/error.js',
  /** The modules that launches load, relative to the package. */
  launched: ['build/serve/index.js', 'build/framework/index.js'],
  /** The module that proves a function at build, relative to the buildpack. */
  check: 'build/check/index.js',
  /** What serves plugins of APISIX: its module, relative to the package, and what goes into images of plugins alone. */
  runner: { main: 'build/runner/index.js', files: ['build/{apisix,runner}/**/*.js', 'build/runner/package.json'] },
  /** What of the buildpack goes into the image. */
  files: ['build/{base,framework,keel,serve}/**/*.js', 'build/node_modules/*/{index.js,package.json,LICENSE}'],
} as const;
