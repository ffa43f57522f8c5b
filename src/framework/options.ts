import { resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '../base/log.ts';
import { resolveSetting, type Environment, type Setting } from '../base/setting.ts';
import {
  parseBytes,
  parseCount,
  parseLogFormat,
  parseLogLevel,
  parsePath,
  parsePort,
  parseSeconds,
  parseSignatureType,
  parseSwitch,
  parseTimeout,
  parseTracing,
  type LogFormat,
  type TracingChoice,
} from './parse-option.ts';
import { SIGNATURE_TYPES, type SignatureType } from './signature/types.ts';

/** What the server is told. */
export interface Options {
  /** Undefined when nobody said; the function context may. */
  readonly port: number | undefined;
  /** Undefined when nobody said; several with commas between. */
  readonly target: string | undefined;
  readonly signatureType: SignatureType;
  /** Absolute path of the function's module or folder. */
  readonly source: string;
  /** JSON: https://github.com/OpenFunction/functions-framework */
  readonly context: string | undefined;
  readonly contextV1beta2: string | undefined;
  /** Milliseconds a call may take; 0 for any. */
  readonly timeout: number;
  readonly logExecutionId: boolean;
  /** The least level of lines; undefined where nobody said. */
  readonly logLevel: LogLevel | undefined;
  readonly logFormat: LogFormat;
  /** Who takes the traces, whatever the function context says; undefined where nobody said. */
  readonly tracing: TracingChoice | undefined;
  /** Path prefixes that no function is called for; undefined for the browsers' own, for HTTP functions. */
  readonly ignoredRoutes: readonly string[] | undefined;
  /** Milliseconds that requests in flight get after SIGTERM. */
  readonly shutdownTimeout: number;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly streamBody: boolean;
  readonly healthPath: string | undefined;
  readonly livenessPath: string | undefined;
  readonly readinessPath: string | undefined;
  readonly metricsPath: string | undefined;
  /** Absolute path of the folder of plugins; undefined for `plugins` beside the function. */
  readonly pluginsFolder: string | undefined;
  /** Requests at once; 0 for any number. */
  readonly maxConcurrency: number;
  /** Milliseconds the event loop may be late before requests are refused; 0 for any. */
  readonly maxLoopDelay: number;
  readonly strictCloudEvents: boolean;
  readonly unwrapCloudEvents: boolean;
  readonly ignoreReturn: boolean;
}

/** Values for what neither a flag nor a variable says, such as those of a rendered main. */
export interface Defaults {
  readonly source?: string;
  readonly target?: string;
  readonly signatureType?: string;
}

type Row<T> = Setting<T> & { readonly flag: string };
type Rows = { readonly [K in keyof Options]: Row<Options[K]> };

const asIs = (raw: string): string => raw;

/** Every option: a row each, in the order of the help text. */
export const OPTIONS: Rows = {
  target: {
    flag: 'target',
    variables: ['FUNCTION_TARGET'],
    help: 'The exported or declared function to serve; several with commas between (default: function).',
    fallback: undefined,
    parse: asIs,
  },
  signatureType: {
    flag: 'signature-type',
    variables: ['FUNCTION_SIGNATURE_TYPE'],
    help: `How it is called: ${SIGNATURE_TYPES.join(', ')} (default: http).`,
    fallback: 'http',
    parse: parseSignatureType,
  },
  source: {
    flag: 'source',
    variables: ['FUNCTION_SOURCE'],
    help: 'File or folder of the function (default: the current folder).',
    fallback: '.',
    parse: asIs,
  },
  port: {
    flag: 'port',
    variables: ['PORT'],
    help: 'The port to listen on (default: that of the function context, else 8080).',
    fallback: undefined,
    parse: parsePort,
  },
  context: {
    flag: 'context',
    variables: ['FUNC_CONTEXT'],
    help: 'The function context of OpenFunction, as JSON.',
    fallback: undefined,
    parse: asIs,
  },
  contextV1beta2: {
    flag: 'context-v1beta2',
    variables: ['FUNC_CONTEXT_V1BETA2'],
    help: 'The function context in the form of v1beta2, as JSON.',
    fallback: undefined,
    parse: asIs,
  },
  timeout: {
    flag: 'timeout',
    variables: ['CLOUD_RUN_TIMEOUT_SECONDS'],
    help: 'Seconds a call may take before it is answered with 504 (default: any).',
    fallback: 0,
    parse: parseTimeout,
  },
  bodyLimit: {
    flag: 'body-limit',
    variables: ['FUNC_BODY_LIMIT'],
    help: 'The largest body, such as 512kb or 10mb (default: 1024mb).',
    fallback: 1024 * 1024 * 1024,
    parse: parseBytes,
  },
  streamBody: {
    flag: 'stream-body',
    variables: ['FUNC_STREAM_BODY'],
    help: 'Leave bodies unread for the function to read (default: false).',
    fallback: false,
    parse: parseSwitch,
  },
  ignoredRoutes: {
    flag: 'ignored-routes',
    variables: ['IGNORED_ROUTES'],
    help: 'Paths that no function is called for, with | between; empty for none (default: /favicon.ico|/robots.txt for http).',
    fallback: undefined,
    emptyCounts: true,
    parse: (raw) =>
      raw
        .split('|')
        .map((path) => path.trim())
        .filter((path) => path !== ''),
  },
  shutdownTimeout: {
    flag: 'shutdown-timeout',
    variables: ['FUNC_SHUTDOWN_TIMEOUT'],
    help: 'Seconds that requests in flight get after SIGTERM (default: 8).',
    fallback: 8000,
    parse: parseSeconds(8),
  },
  healthPath: {
    flag: 'health-path',
    variables: ['FUNC_HEALTH_PATH'],
    help: 'A path that answers 200, and 503 while the server drains (default: none).',
    fallback: undefined,
    parse: parsePath,
  },
  livenessPath: {
    flag: 'liveness-path',
    variables: ['LIVENESS_URL'],
    help: "The path of the function's liveness (default: /health/liveness where it exports one).",
    fallback: undefined,
    parse: parsePath,
  },
  readinessPath: {
    flag: 'readiness-path',
    variables: ['READINESS_URL'],
    help: "The path of the function's readiness (default: /health/readiness where it exports one).",
    fallback: undefined,
    parse: parsePath,
  },
  pluginsFolder: {
    flag: 'plugins-dir',
    variables: ['FUNC_PLUGINS_DIR'],
    help: 'The folder of plugins (default: plugins, beside the function).',
    fallback: undefined,
    parse: asIs,
  },
  metricsPath: {
    flag: 'metrics-path',
    variables: ['METRICS_URL'],
    help: 'A path that answers with metrics in the format of Prometheus (default: none).',
    fallback: undefined,
    parse: parsePath,
  },
  maxConcurrency: {
    flag: 'max-concurrency',
    variables: ['FUNC_MAX_CONCURRENCY'],
    help: 'Requests at once before more are answered with 503 (default: any).',
    fallback: 0,
    parse: parseCount,
  },
  maxLoopDelay: {
    flag: 'max-loop-delay',
    variables: ['FUNC_MAX_LOOP_DELAY'],
    help: 'Milliseconds the event loop may be late before requests are answered with 503 (default: any).',
    fallback: 0,
    parse: parseCount,
  },
  logExecutionId: {
    flag: 'log-execution-id',
    variables: ['LOG_EXECUTION_ID'],
    help: 'Write logs as JSON lines that name the execution (default: false).',
    fallback: false,
    parse: parseSwitch,
  },
  logLevel: {
    flag: 'log-level',
    variables: ['FUNC_LOG_LEVEL'],
    help: `The framework's lines from this level on: ${LOG_LEVELS.join(', ')} (default: info).`,
    fallback: undefined,
    parse: parseLogLevel,
  },
  logFormat: {
    flag: 'log-format',
    variables: ['FUNC_LOG_FORMAT'],
    help: 'text, or json for one object a line (default: text).',
    fallback: 'text',
    parse: parseLogFormat,
  },
  tracing: {
    flag: 'tracing',
    variables: ['FUNC_TRACING'],
    help: 'opentelemetry, skywalking or off (default: what the function context says, else off).',
    fallback: undefined,
    parse: parseTracing,
  },
  strictCloudEvents: {
    flag: 'strict-cloudevents',
    variables: ['FUNC_CLOUDEVENT_STRICT'],
    help: 'Refuse CloudEvents without their required attributes (default: false).',
    fallback: false,
    parse: parseSwitch,
  },
  unwrapCloudEvents: {
    flag: 'unwrap-cloudevents',
    variables: ['FUNC_CE_UNWRAP'],
    help: 'Hand openfunction functions the data of a CloudEvent, not its envelope (default: false).',
    fallback: false,
    parse: parseSwitch,
  },
  ignoreReturn: {
    flag: 'ignore-return',
    variables: ['OPENFUNCTION_RETURN'],
    help: '"ignore" answers 204 whatever an openfunction function returns.',
    fallback: false,
    parse: (raw, source) => (raw.toLowerCase() === 'ignore' ? true : parseSwitch(raw, source)),
  },
};

/** Reads all options: flag, then variable, then default. Relative sources are relative to `cwd`. */
export function readOptions(
  from: { readonly env: Environment; readonly flags: Environment; readonly cwd: string },
  defaults: Defaults = {},
): Options {
  const { signatureType = 'http', source = '.', target } = defaults;
  const rendered: Partial<Options> = {
    signatureType: parseSignatureType(signatureType, 'the rendered main'),
    source,
    ...(target === undefined ? {} : { target }),
  };
  const read = <K extends keyof Options>(name: K): Options[K] => {
    const row: Setting<Options[K]> = OPTIONS[name];
    return resolveSetting({ ...row, fallback: rendered[name] ?? row.fallback }, from).value;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has a row for every option
  const values = Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, read(name as keyof Options)]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
  const options = values as unknown as Options;
  const { pluginsFolder: folder } = options;
  const pluginsFolder = folder === undefined ? undefined : resolve(from.cwd, folder);
  return { ...options, pluginsFolder, source: resolve(from.cwd, options.source) };
}

/** The text of `--help`. */
export function renderHelp(): string {
  const rows = Object.values(OPTIONS).map(
    ({ flag, variables, help }) => `  --${flag} (${variables.join(', ')})\n      ${help}`,
  );
  return `Example usage:
  functions-framework --target=helloWorld --port=8080
Documentation:
  https://github.com/openfunction/builder-node/blob/main/docs/functions.md
Options:
${rows.join('\n')}
`;
}
