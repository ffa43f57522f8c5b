import type { Process } from '../../libcnb/launch.ts';
import { FnError } from '../../base/error.ts';
import type { ExecEnv } from '../config/exec-env.ts';
import type { BuildSetting } from '../config/setting.ts';
import type { Command } from './program-command.ts';

/** The settings of processes. */
export const PROCESS_SETTINGS: { readonly inspectorPort: BuildSetting<string> } = {
  inspectorPort: {
    subject: 'port of the inspector',
    variables: ['BP_INSPECTOR_PORT'],
    key: 'inspector-port',
    help: "the port of Node.js's inspector, on every address, in images for development alone",
    fallback: '',
    parse: parsePort,
  },
};

/** What the processes of an image go by. */
export interface Application {
  readonly execEnv: ExecEnv;
  /** Starts the application in production. */
  readonly web: Command;
  /** Runs the tests; undefined for images that are not for tests. */
  readonly test: Command | undefined;
  /** The port of the inspector, in images for development; empty for none. */
  readonly inspectorPort: string;
  /** The folder that `web` starts in; undefined for the app's root. */
  readonly webDir: string | undefined;
  /** The folder of package.json. */
  readonly projectDir: string;
}

/**
 * The processes of an image for one execution environment: `web` serves, in development anew whenever a file that it has
 * loaded changes; `test` runs the project's tests and is what such an image starts.
 */
export function processesOf(application: Application): readonly Process[] {
  const { execEnv, web, test, inspectorPort, webDir, projectDir } = application;
  const place = webDir === undefined ? {} : { workingDir: webDir };
  if (execEnv === 'production') return [{ type: 'web', command: web, isDefault: true, ...place }];
  if (execEnv === 'development')
    return [{ type: 'web', command: watched(web, inspectorPort), isDefault: true, ...place }];
  const tests = test && [{ type: 'test', command: test, isDefault: true, workingDir: projectDir }];
  return [{ type: 'web', command: web, ...place }, ...(tests ?? [])];
}

function watched([program, ...args]: Command, inspectorPort: string): Process['command'] {
  const inspector = inspectorPort === '' ? [] : [`--inspect=0.0.0.0:${inspectorPort}`];
  return [program, '--watch', '--watch-preserve-output', ...inspector, ...args];
}

function parsePort(raw: string, source: string): string {
  if (/^\d{1,5}$/.test(raw) && Number(raw) > 0 && Number(raw) < 65_536) return raw;
  throw new FnError(`Couldn't use ${source}: "${raw}" is not a port.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a number from 1 to 65535, for example 9229.`,
  });
}
