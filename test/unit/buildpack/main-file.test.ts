import { expect, test } from 'vitest';
import { renderMain } from '../../../src/buildpack/main-file.ts';

test('renders a module that hands the function to the framework', () => {
  const values = {
    frameworkDir: '/layers/f',
    source: '/workspace/it\'s "here".js',
    target: 'hello',
    signatureType: 'http',
  };
  expect(renderMain(values)).toMatchInlineSnapshot(`
    "// Rendered for this function by openfunction/node-function. Variables set at launch win over these values.
    import { main } from "/layers/f/build/serve/index.js";

    await main({"source":"/workspace/it's \\"here\\".js","target":"hello","signatureType":"http"});
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
