import { env } from 'node:process';
import { read as readWith, run as runWith } from '../scripts/command.ts';
import { EPOCH } from './definition.ts';

/** How to reach the network: all that programs get to see of the caller's environment. */
const PASSED = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];

/** Python would leave time stamps in the files it compiles by the way. */
const FIXED = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  PYTHONDONTWRITEBYTECODE: '1',
  SOURCE_DATE_EPOCH: String(EPOCH),
};

/** Runs a program whose doings end up in an image: in the same environment, whoever calls. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<void> {
  await runWith(program, args, { ...cleanly(cwd), stdout: 'ignore' });
}

/** The same, giving what the program printed. */
export async function read(program: string, args: readonly string[]): Promise<string> {
  return readWith(program, args, cleanly());
}

function cleanly(cwd?: string): { env: Record<string, string | undefined>; extendEnv: false; cwd?: string } {
  const passed = Object.fromEntries(PASSED.map((name) => [name, env[name]]));
  return { env: { ...passed, ...FIXED }, extendEnv: false, ...(cwd === undefined ? {} : { cwd }) };
}
