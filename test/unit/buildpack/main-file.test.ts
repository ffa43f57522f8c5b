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
