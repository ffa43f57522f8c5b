import { execa } from 'execa';
import { FnError, type ErrorCode } from '../base/error.ts';
import type { Environment } from '../base/setting.ts';
import type { Log } from '../base/log.ts';
import { INSTALL_SCRIPTS } from './package-json.ts';

/** One run of npm. */
export interface NpmRun {
  readonly appDir: string;
  /** With a lock file the install is exact (`npm ci`), else npm resolves the ranges. */
  readonly locked: boolean;
  /** The app's own scripts, name to command: npm runs some of them. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Folder for npm's download cache. */
  readonly cacheDir: string;
  readonly env: Environment;
  readonly log: Log;
}

const FLAGS = ['--omit=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--no-progress'];
const OUTPUT_LIMIT = 16 * 1024 * 1024;
const SHOWN_LINES = 40;

/** Installs production dependencies into `<appDir>/node_modules`; a failure is one of the OFN-DEPS codes. */
export async function npmInstall(run: NpmRun): Promise<void> {
  const args = run.locked ? ['ci', ...FLAGS] : ['install', '--no-package-lock', ...FLAGS];
  run.log.info(`npm ${args.slice(0, 2).join(' ')}`);
  const result = await execa('npm', args, {
    cwd: run.appDir,
    env: { ...run.env, npm_config_cache: run.cacheDir },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    maxBuffer: OUTPUT_LIMIT,
  });
  if (!result.failed) {
    for (const line of result.all.split('\n')) run.log.debug(line);
    return;
  }
  throw explainNpmFailure(result.all, { scripts: run.scripts, cause: result.cause });
}

interface Failure {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
  /** The lines that tell it, where npm says much else. */
  readonly lines?: RegExp;
}

/** One row for each failure that has an act of its own; the first that matches npm's output is told. */
const FAILURES: readonly (Failure & { readonly pattern: RegExp })[] = [
  {
    pattern: /npm ci.{0,20}can only install packages when|code EUSAGE|in sync/,
    code: 'OFN-DEPS-LOCK',
    what: 'package.json and the lock file disagree',
    hint: 'Run "npm install" and commit the lock file it writes.',
    lines: /^npm error (?:Invalid|Missing): /,
  },
  {
    pattern: /code E404|code ETARGET|No matching version/,
    code: 'OFN-DEPS-NOT-FOUND',
    what: 'a package or version is not in the registry',
    hint: 'Correct its name and version in package.json; a private package needs its registry in .npmrc.',
  },
  {
    pattern: /code E40[13]|code ENEEDAUTH/,
    code: 'OFN-DEPS-AUTH',
    what: 'the registry refused the credentials',
    hint: 'Give the build an .npmrc with a valid token for that registry.',
  },
  {
    pattern: /code EINTEGRITY/,
    code: 'OFN-DEPS-INTEGRITY',
    what: 'a package differs from what the lock file promises',
    hint: 'Find out why the registry serves other bytes; when that is meant, run "npm install" and commit the lock file.',
  },
  {
    pattern: /gyp ERR!|node-gyp/,
    code: 'OFN-DEPS-NATIVE',
    what: 'a native module did not compile',
    hint: 'The compiler output above names the file; check that the module supports this version of Node.js.',
  },
  {
    pattern: /code (ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET_TIMEOUT)|CERT|certificate/,
    code: 'OFN-DEPS-NETWORK',
    what: 'the registry could not be reached',
    hint: 'Check network, proxy (HTTPS_PROXY) and certificates (a service binding of type "ca-certificates").',
  },
];

/** The failure that npm's output tells of, with the lines of that output that matter. */
export function explainNpmFailure(
  output: string,
  { scripts, cause }: { readonly scripts: Readonly<Record<string, string>>; readonly cause?: unknown },
): FnError {
  const row = FAILURES.find((failure) => failure.pattern.test(output)) ?? ownScript(output, scripts);
  return new FnError(
    `Couldn't install dependencies: ${row?.what ?? 'npm failed'}.\n\n${redact(shorten(output, row?.lines))}`,
    {
      code: row?.code ?? 'OFN-DEPS-INSTALL',
      hint: row?.hint ?? 'Run the same npm command in the project; the output above says where it stops.',
      cause,
    },
  );
}

/** The failure of a script of the app itself, such as "prepare": "husky". */
function ownScript(output: string, scripts: Readonly<Record<string, string>>): Failure | undefined {
  const commands = new Set([...output.matchAll(/^npm error command sh -c (.+)$/gm)].map(([, command]) => command));
  const found = Object.entries(scripts).find(([name, command]) => INSTALL_SCRIPTS.has(name) && commands.has(command));
  if (found === undefined) return undefined;
  const [name, command] = found;
  return {
    code: 'OFN-DEPS-INSTALL',
    what: `the script "${name}" of package.json failed`,
    hint: `npm runs "${name}" when it installs, and devDependencies are not installed here. When it needs one of them, let it do without, for example "${name}": "${command} || true", or move the package to "dependencies".`,
  };
}

function shorten(output: string, telling: RegExp | undefined): string {
  const lines = output.trim().split('\n');
  const chosen = telling === undefined ? [] : lines.filter((line) => telling.test(line));
  if (chosen.length === 0) return lines.slice(-SHOWN_LINES).join('\n');
  const rest = chosen.length - SHOWN_LINES;
  return [...chosen.slice(0, SHOWN_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

/** npm's output without credentials in addresses. */
function redact(output: string): string {
  return output.replaceAll(/(\w+:\/\/)[^/\s@]+@/g, '$1***@').replaceAll(/(_authToken|_auth|_password)=\S+/g, '$1=***');
}
