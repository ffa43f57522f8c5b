import { expect, test } from 'vitest';
import { createLog } from '../../../../src/base/log.ts';
import type { PackageJson } from '../../../../src/buildpack/project/package-json.ts';
import { tellUnrunScripts } from '../../../../src/buildpack/project/unrun-scripts.ts';

function toldOf(
  scripts: Readonly<Record<string, string>>,
  wanted: readonly string[] = [],
  isMaking = false,
  program?: string,
): string {
  const lines: string[] = [];
  const packageJson: PackageJson = {
    name: undefined,
    nodeRange: undefined,
    openfunction: undefined,
    raw: {},
    dependencies: {},
    scripts,
  };
  const config = { scripts: { value: wanted, source: 'BP_NODE_RUN_SCRIPTS' } };
  tellUnrunScripts(
    { config, packageJson, isMaking, program },
    createLog({ write: (text: string) => lines.push(text) }),
  );
  return lines.join('');
}

test('scripts that other platforms run are told, with what runs them', () => {
  expect(toldOf({ test: 'node --test', build: 'node build.js' })).toMatchInlineSnapshot(`
    "Build scripts: none, nothing needs "build" of package.json; BP_NODE_RUN_SCRIPTS=build runs what is meant
    "
  `);
  expect(toldOf({ 'heroku-postbuild': 'b', build: 'b', 'gcp-build': 'b' })).toContain(
    'BP_NODE_RUN_SCRIPTS=gcp-build,build,heroku-postbuild',
  );
});

test('whether a program of a package needs them can not be seen', () => {
  expect(toldOf({ build: 'next build', start: 'next start' }, [], false, 'next')).toBe(
    'WARNING: No build script ran, and next may need "build" of package.json: BP_NODE_RUN_SCRIPTS=build runs what is meant.\n',
  );
});

test('nothing is told where there are none, or scripts run anyway', () => {
  expect(toldOf({ test: 'node --test' })).toBe('');
  expect(toldOf({ build: 'b', other: 'c' }, ['other'])).toBe('');
  expect(toldOf({ build: 'b' }, [], true)).toBe('');
});
