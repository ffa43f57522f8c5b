import { validRange } from 'semver';
import { FnError } from '../../base/error.ts';
import { supportedLines } from './releases.ts';

/** What a project asks for. */
export interface NodeRequest {
  /** The versions that will do, a range of semver. */
  readonly range: string;
  /** As it was written. */
  readonly text: string;
  /** Who says so: a variable, or a key or file of the project. */
  readonly source: string;
}

/** Words of nvm, fnm, n and asdf for no version in particular: https://github.com/nvm-sh/nvm#usage */
const ANY = new Set(['', '*', 'x', 'node', 'stable', 'latest', 'current']);
const ANY_LTS = new Set(['lts', 'lts/*', 'lts-latest', 'lts/latest', '--lts']);

/** Words that mean something on the machine they were written on, or nothing any more. */
const REFUSED: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /^iojs/, because: 'io.js ended in 2015' },
  { pattern: /^(?:system|default)$/, because: 'it is whatever the machine of a developer has' },
  { pattern: /^(?:ref|path):/, because: 'it is a checkout on the machine of a developer' },
  { pattern: /^(?:unstable|nightly|rc|v8-canary)/, because: 'it is no release' },
];

/** Reads what a version manager, npm or a variable says; OFN-NODE-VERSION when it is no version, range or alias. */
export function parseRequest(written: string, source: string): NodeRequest {
  const text = written.trim();
  const word = text.toLowerCase().replace(/^latest:/, '');
  const refused = REFUSED.find(({ pattern }) => pattern.test(word));
  if (refused !== undefined) throw unusable(text, source, refused.because);
  const range = aliasRange(word) ?? validRange(word);
  if (range === null) throw unusable(text, source, 'it is no version, no range and no name of a release line');
  return { range, text, source };
}

function aliasRange(word: string): string | undefined {
  if (ANY.has(word)) return '*';
  const lines = supportedLines();
  if (ANY_LTS.has(word)) return lines.map(({ major }) => `${major}.x`).join(' || ');
  const [, back, name] = /^(?:lts\/-(\d+)|(?:lts[/-])?([a-z]+))$/.exec(word) ?? [];
  const line = back === undefined ? lines.find(({ codename }) => codename === name) : lines[Number(back)];
  return line === undefined ? undefined : `${line.major}.x`;
}

function unusable(text: string, source: string, because: string): FnError {
  return new FnError(`Couldn't choose a version of Node.js: ${source} asks for "${text}", and ${because}.`, {
    code: 'OFN-NODE-VERSION',
    hint: `Let ${source} ask for a version, a range or a release line, for example 24, 24.x, ^24.1.0, lts or lts/krypton.`,
  });
}
