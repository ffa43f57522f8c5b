import { expect, test } from 'vitest';
import { readOpenFunctionVariables } from '../../../src/shipwright/openfunction-variables.ts';

const read = (text: string) =>
  Object.fromEntries(
    readOpenFunctionVariables(text).map((entry) => Buffer.from(entry, 'latin1').toString().split(/=(.*)/s, 2)),
  );

test('what the stock strategy damages arrives', () => {
  expect(read('')).toEqual({});
  expect(
    read(
      `NODE_OPTIONS=--max-old-space-size=512#URL=https://x?a=b#BUILD=npm run build#JSON={"a": 1}#EMPTY=#NODE=>=20#Q=it's $(id)#U=ü€😀#`,
    ),
  ).toEqual({
    NODE_OPTIONS: '--max-old-space-size=512',
    URL: 'https://x?a=b',
    BUILD: 'npm run build',
    JSON: '{"a": 1}',
    EMPTY: '',
    NODE: '>=20',
    Q: "it's $(id)",
    U: 'ü€😀',
  });
});

test.each(['X=a#b#', 'b#', 'X=a##', 'X=a##Y=b#', '#'])('%s is refused', (text) => {
  expect(() => read(text)).toThrowErrorMatchingSnapshot();
});
