import type { Knowledge } from './client.ts';
import type { Fields, TestEntry } from './messages.ts';

/** A call that both runners are sent. */
export interface Case {
  readonly conf: readonly TestEntry[];
  readonly request?: Fields;
  readonly response?: Fields;
  readonly knowledge?: Knowledge;
}

/** A step of the probe: what it does, and with what. */
export type Step = readonly string[];
/** The plugin of tests, with its steps. */
export const probe = (...steps: Step[]): TestEntry => ['probe', JSON.stringify(steps)];
/** A plugin with its value. */
export const plugin = (name: string, value: object): TestEntry => [name, JSON.stringify(value)];

const IPV4 = Buffer.from([192, 0, 2, 1]);
const HEADERS: readonly TestEntry[] = [
  ['host', 'example.com:9080'],
  ['accept', '*/*'],
  ['cookie', 'a=1'],
  ['cookie', 'b=2'],
];
const ARGS: readonly TestEntry[] = [
  ['q', 'one'],
  ['q', 'two'],
  ['flag', null],
  ['empty', ''],
];
/** A request with all that one has. */
export const REQUEST: Fields = { id: 7, src_ip: IPV4, method: 2, path: '/some/path', headers: HEADERS, args: ARGS };
/** One without a query. */
export const PLAIN: Fields = { ...REQUEST, args: [] };
