import { expect, test } from 'vitest';
import { readOpenFunctionVariables } from '../../../src/shipwright/openfunction-variables.ts';

const read = (text: string) =>
  Object.fromEntries([...readOpenFunctionVariables(text)].map(([name, value]) => [name, value.toString()]));

test('what the stock strategy damages arrives', () => {
  expect(read('')).toEqual({});
  expect(
    read(
      `NODE_OPTIONS=--max-old-space-size=512#URL=https://x?a=b#BUILD=npm run build#JSON={"a": 1}#EMPTY=#NODE=>=20#Q=it's $(id)#`,
    ),
  ).toEqual({
    NODE_OPTIONS: '--max-old-space-size=512',
    URL: 'https://x?a=b',
    BUILD: 'npm run build',
    JSON: '{"a": 1}',
    EMPTY: '',
    NODE: '>=20',
    Q: "it's $(id)",
  });
});

test.each(['X=a#b#', 'b#', '../x=1#'])('%s is refused', (text) => {
  expect(() => read(text)).toThrowErrorMatchingSnapshot();
});
