import { expect, test } from 'vitest';
import { renderMain } from '../../../../src/buildpack/launch/main-file.ts';

test('renders a module that hands the function to the framework', () => {
  const values = {
    frameworkDir: '/layers/f',
    source: '/workspace/it\'s "here".js',
    target: 'hello',
    signatureType: 'http',
    compiledCode: undefined,
  };
  expect(renderMain(values)).toMatchInlineSnapshot(`
    "// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.
    import { main } from "/layers/f/build/serve/index.js";

    await main({"source":"/workspace/it's \\"here\\".js","target":"hello","signatureType":"http"});
    "
  `);
});

test('lets Node take compiled code out of a folder before the framework is loaded', () => {
  const function_ = { source: '/workspace/index.js', target: 'hello', signatureType: 'http' };
  const values = { frameworkDir: '/layers/f', ...function_, compiledCode: '/layers/function/compile-cache' };
  expect(renderMain(values)).toMatchInlineSnapshot(`
    "// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.
    import { linkCompileCache } from "/layers/f/build/framework/compile-cache.js";

    process.once('exit', linkCompileCache("/layers/function/compile-cache"));
    const { main } = await import("/layers/f/build/serve/index.js");
    await main({"source":"/workspace/index.js","target":"hello","signatureType":"http"});
    "
  `);
});

test('what works with one ABI alone is handed over too', () => {
  const values = { frameworkDir: '/f', source: '/a.js', target: 'hello', signatureType: 'http' };
  const builtFor = { abi: '137', nativeModule: 'node_modules/a/a.node' };
  expect(renderMain({ ...values, builtFor })).toContain(
    'await main({"source":"/a.js","target":"hello","signatureType":"http"}, {"abi":"137","nativeModule":"node_modules/a/a.node"});',
  );
});
