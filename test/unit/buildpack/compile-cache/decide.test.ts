import { expect, test } from 'vitest';
import {
  compiledDecision,
  whyNotCompiled,
  type CompiledRequest,
} from '../../../../src/buildpack/compile-cache/decide.ts';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';

const sourcesOf = (env: Record<string, string>) => createSources(collectVariables(env), []);
const why = (change: Partial<CompiledRequest>) =>
  whyNotCompiled({
    sources: sourcesOf({}),
    config: { check: { value: true, source: 'default' }, signatureType: { value: 'http', source: 'default' } },
    architectures: { builder: 'amd64', target: 'amd64' },
    node: { version: '24.21.0' },
    launch: { takesCompiled: true },
    ...change,
  });

const check = { value: true, source: 'default' };

test.each<[Partial<CompiledRequest>, string | undefined]>([
  [{}, undefined],
  [{ sources: sourcesOf({ BP_COMPILE_CACHE: 'off' }) }, 'BP_COMPILE_CACHE'],
  [
    { config: { check, signatureType: { value: 'apisix', source: 'FUNC_TYPE' } } },
    'a runner of plugins is started once and stays',
  ],
  [
    { launch: { takesCompiled: false }, node: { version: '22.23.3' } },
    'Node.js 22.23.3 takes none beside a share of the memory for the heap',
  ],
  [{ architectures: { builder: 'amd64', target: 'arm64' } }, 'the image is for arm64, and the build runs on amd64'],
])('%o: there is no compiled code, because %s', (change, reason) => {
  expect(why(change)).toBe(reason);
});

test('the plan says whether there is compiled code', () => {
  expect(compiledDecision(sourcesOf({}), undefined, true)).toMatchObject({ value: 'on', source: 'default' });
  expect(compiledDecision(sourcesOf({}), 'a reason', false)).toMatchObject({ value: 'none', source: 'a reason' });
  const off = sourcesOf({ BP_COMPILE_CACHE: 'off' });
  expect(compiledDecision(off, 'BP_COMPILE_CACHE', false)).toMatchObject({ value: 'off' });
});
