import { FnError, type ErrorCode } from '../../base/error.ts';
import { INSTALL_SCRIPTS } from '../project/package-json.ts';

/** A failure that has an act of its own. */
export interface FailureRow {
  /** What the manager prints when it fails like this. */
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What is wrong, as the cause in "Couldn't install dependencies: <cause>." */
  readonly what: string;
  readonly hint: string;
  /** The lines that tell it, where the manager says much else. */
  readonly lines?: RegExp;
}

/** What is known of a run that failed. */
export interface FailedRun {
  /** The name of the program. */
  readonly program: string;
  /** What was tried, as in "Couldn't <act>: ...". */
  readonly act?: string;
  readonly rows: readonly FailureRow[];
  /** The app's own scripts, name to command. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

const SHOWN_LINES = 40;
/** What npm says of its own code, and of a file that is gone with the build. */
const OF_NPM_ITSELF = /^npm (?:error|ERR!)(?: {2,}at |.* complete log of this run|.*\/_logs\/)/;
const NETWORK =
  /\b(?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET_TIMEOUT|ConnectionRefused|ConnectionClosed|FailedToOpenSocket)\b|CERT|certificate/;

/** Failures that look alike whichever manager meets them; asked after the manager's own. */
const COMMON: readonly FailureRow[] = [
  {
    pattern:
      /gyp ERR! stack .*(?:ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT|CERT|headers\.tar)|node-gyp\/lib\/(?:download|install)\.js/,
    code: 'OFN-DEPS-NATIVE',
    what: 'a native module has to be compiled, and the build image has no headers of its Node.js',
    hint: "Use the builder openfunction/builder-node, or let BP_NODE_VERSION ask for another version than the build image's: it brings its headers.",
  },
  {
    pattern: /gyp ERR!|node-gyp/,
    code: 'OFN-DEPS-NATIVE',
    what: 'a native module did not compile',
    hint: 'The compiler output above names the file; check that the module supports this version of Node.js.',
  },
  {
    pattern: NETWORK,
    code: 'OFN-DEPS-NETWORK',
    what: 'the registry could not be reached',
    hint: 'Check network, proxy (HTTPS_PROXY) and certificates (a service binding of type "ca-certificates").',
  },
];

/** The failure that a manager's output tells of, with the lines of that output that matter. */
export function explainFailure(output: string, run: FailedRun): FnError {
  const text = withoutColours(output);
  const row =
    [...run.rows, ...COMMON].find((failure) => failure.pattern.test(text)) ?? ownScript(text, run.program, run.scripts);
  return new FnError(
    `Couldn't ${run.act ?? 'install dependencies'}: ${row?.what ?? `${run.program} failed`}.\n\n${shorten(text, row?.lines)}`,
    {
      code: row?.code ?? 'OFN-DEPS-INSTALL',
      hint: row?.hint ?? `Run the same ${run.program} command in the project; the output above says where it stops.`,
      cause: run.cause,
    },
  );
}

/** A script of the app itself that failed, such as "postinstall": "patch-package". */
function ownScript(
  output: string,
  program: string,
  scripts: Readonly<Record<string, string>>,
): Omit<FailureRow, 'pattern'> | undefined {
  const found = Object.entries(scripts).find(([name, command]) => INSTALL_SCRIPTS.has(name) && ran(output, command));
  if (found === undefined) return undefined;
  const [name, command] = found;
  return {
    code: 'OFN-DEPS-INSTALL',
    what: `the script "${name}" of package.json failed`,
    hint: `${program} runs "${name}" when it installs, and devDependencies are not installed here. When it needs one of them, let it do without, for example "${name}": "${command} || true", or move the package to "dependencies".`,
  };
}

/** Whether the output names a command as npm, or the other managers, do of the one that failed. */
function ran(output: string, command: string): boolean {
  const endings = [`sh -c ${command}`, `$ ${command}`, `Command: ${command}`, `> ${command}`];
  return output.split('\n').some((line) => endings.some((ending) => line.trimEnd().endsWith(ending)));
}

function shorten(output: string, telling: RegExp | undefined): string {
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !OF_NPM_ITSELF.test(line));
  const chosen = telling === undefined ? [] : lines.filter((line) => telling.test(line));
  if (chosen.length === 0) return lines.slice(-SHOWN_LINES).join('\n');
  const rest = chosen.length - SHOWN_LINES;
  return [...chosen.slice(0, SHOWN_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001B\[[\d;]*m/g, '');
}
