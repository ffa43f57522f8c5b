import { FnError } from '../../base/error.ts';
import { resolveSetting, type Environment, type Setting } from '../../base/setting.ts';

/** What APISIX tells a runner by its environment. */
export interface RunnerSettings {
  /** The path of the socket. */
  readonly path: string;
  /** Milliseconds that a configuration is kept. */
  readonly ttl: number;
}

const PREFIX = 'unix:';
/** Milliseconds for a second: a configuration is kept somewhat longer than APISIX keeps its token. */
const LONGER = 1200;

/** The rows of docs/apisix.md's table. */
export const RUNNER_SETTINGS: { readonly path: Setting<string>; readonly ttl: Setting<number> } = {
  path: {
    variables: ['APISIX_LISTEN_ADDRESS'],
    help: 'Where to listen: `unix:` and an absolute path of at most 107 bytes. APISIX sets it for the runner that it starts.',
    fallback: '',
    parse: parseAddress,
  },
  ttl: {
    variables: ['APISIX_CONF_EXPIRE_TIME'],
    help: 'Seconds that APISIX keeps the token of a configuration; the runner keeps the configuration 1.2 times as long (default: 3600).',
    fallback: 3600,
    parse: parseSeconds,
  },
};

/** Reads it; OFN-CONFIG. */
export function readRunnerSettings(env: Environment): RunnerSettings {
  const path = resolveSetting(RUNNER_SETTINGS.path, { env }).value;
  if (path === '') throw unusable('APISIX_LISTEN_ADDRESS', 'it is not set', EXAMPLE);
  return { path, ttl: resolveSetting(RUNNER_SETTINGS.ttl, { env }).value * LONGER };
}

const EXAMPLE =
  'Let APISIX start the runner (ext-plugin.cmd), or set it to unix: and a path, such as unix:/tmp/runner.sock.';

function parseAddress(raw: string, source: string): string {
  const path = raw.slice(PREFIX.length);
  if (raw.startsWith(PREFIX) && path.startsWith('/')) return path;
  throw unusable(source, `"${raw}" is no absolute path behind unix:`, EXAMPLE);
}

function parseSeconds(raw: string, source: string): number {
  const seconds = Number(raw);
  if (/^\d+$/.test(raw) && seconds > 0 && Number.isSafeInteger(seconds)) return seconds;
  throw unusable(
    source,
    `"${raw}" is no whole number of seconds above 0`,
    `Set ${source} to a number such as 3600, or leave it out.`,
  );
}

function unusable(source: string, why: string, hint: string): FnError {
  return new FnError(`Couldn't use ${source}: ${why}.`, { code: 'OFN-CONFIG', hint });
}
