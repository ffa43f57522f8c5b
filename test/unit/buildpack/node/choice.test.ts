import { expect, test } from 'vitest';
import { chooseNode, newestOf, type AtHand } from '../../../../src/buildpack/node/choice.ts';
import { parseRequest } from '../../../../src/buildpack/node/request.ts';
import { failureOf } from '../../../support/failure.ts';

const OURS: AtHand = { runImage: '24.21.0', builder: '24.21.0', portable: true, recorded: undefined };
const ask = (text: string | undefined) => (text === undefined ? undefined : parseRequest(text, 'engines.node'));
const chosen = (text: string | undefined, at: Partial<AtHand> = {}): string => {
  const choice = chooseNode(ask(text), { ...OURS, ...at });
  return choice.from === 'elsewhere' ? 'elsewhere' : `${choice.from} ${choice.version}`;
};

test.each<[string | undefined, Partial<AtHand>, string]>([
  [undefined, {}, 'run-image 24.21.0'],
  ['>=22', {}, 'run-image 24.21.0'],
  ['24', {}, 'run-image 24.21.0'],
  ['20 || 24', {}, 'run-image 24.21.0'],
  ['lts', {}, 'run-image 24.21.0'],
  ['lts/krypton', {}, 'run-image 24.21.0'],
  ['node', {}, 'run-image 24.21.0'],
  ['latest', {}, 'run-image 24.21.0'],
  // The layer of an earlier image is not needed any more.
  ['>=22', { recorded: '22.23.3' }, 'run-image 24.21.0'],
  ['22', {}, 'elsewhere'],
  ['22', { recorded: '22.23.3' }, 'previous-image 22.23.3'],
  ['22', { recorded: '26.10.0' }, 'elsewhere'],
  ['24.20.0', {}, 'elsewhere'],
  // What has known vulnerabilities stays only where it is asked for.
  ['22', { recorded: '22.20.0' }, 'elsewhere'],
  ['22.20.0', { recorded: '22.20.0' }, 'previous-image 22.20.0'],
  ['~22.20', { recorded: '22.20.0' }, 'previous-image 22.20.0'],
  // Builders that do not say what their run image has, or that it has another.
  [undefined, { runImage: undefined }, 'builder 24.21.0'],
  ['>=22', { runImage: undefined }, 'builder 24.21.0'],
  ['>=22', { runImage: undefined, recorded: '22.23.3' }, 'builder 24.21.0'],
  [undefined, { runImage: '22.23.3' }, 'builder 24.21.0'],
  ['22', { runImage: '22.23.3' }, 'elsewhere'],
  [undefined, { runImage: '20.20.2' }, 'builder 24.21.0'],
  [undefined, { runImage: '24.18.1' }, 'run-image 24.18.1'],
  // A distribution's Node.js starts in no other image.
  [undefined, { runImage: undefined, portable: false }, 'elsewhere'],
  [undefined, { runImage: undefined, portable: false, recorded: '24.21.0' }, 'previous-image 24.21.0'],
])('%s, with %o: %s', (text, at, expected) => {
  expect(chosen(text, at)).toBe(expected);
});

const RELEASED = [
  '20.20.2',
  '22.17.1',
  '22.18.0',
  '22.23.3',
  '23.1.0',
  '23.11.1',
  '24.21.0',
  '25.9.0',
  '26.10.0',
  '27.0.0',
  '28.0.0-rc.1',
];

test.each([
  ['*', '26.10.0'],
  ['22', '22.23.3'],
  ['>=20 <23', '22.23.3'],
  ['<24', '22.23.3'],
  ['23', '23.11.1'],
  ['>=25', '26.10.0'],
  ['>=23 <24 || 25', '25.9.0'],
  ['22 || 26', '26.10.0'],
  ['>26', '27.0.0'],
])('of all that was released, %s gets %s', (text, version) => {
  expect(newestOf(parseRequest(text, '.nvmrc'), RELEASED, 'the registry')).toBe(version);
});

test('a version that was never released is refused', async () => {
  expect(await failureOf(() => newestOf(parseRequest('22.99', 'engines.node'), RELEASED, 'the registry')))
    .toMatchInlineSnapshot(`
    "ERROR [OFN-NODE-VERSION] Couldn't find a Node.js for "22.99", which engines.node asks for: the registry has none.

    The newest there is 27.0.0; ask for a version that exists, or for a whole line such as 24."
  `);
});

test.each(['16', '18', '20', 'lts/iron', '22.17', '23.5', '<22.18'])(
  'Node.js %s is too old for functions',
  async (text) => {
    expect(await failureOf(() => chosen(text))).toMatchSnapshot();
  },
);
