import { fromLevel, LOG_LEVELS, type Log, type LogLevel } from '../../base/log.ts';
import { asyncHooks } from '../builtin.ts';
import type { Around } from '../plugin/hooks.ts';
import { parseObject, plainText, textOf, traceOf, type LogSources, type Stream } from './line.ts';

/** Methods that write to the console by their level. */
type Console = Record<'debug' | 'log' | 'info' | 'warn' | 'error', (...args: unknown[]) => void>;

/** Where a process writes. */
export interface Outputs {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly console: Console;
}

/** Everything that a process prints as lines of JSON. */
export interface JsonLogs {
  /** For the framework's own lines. */
  readonly log: Log;
  /** Lets lines say which function they are of, and by which input its message came. */
  readonly around: Around;
  /** Tells where ids come from, once that is known. */
  readonly bind: (sources: LogSources) => void;
}

const NOBODY: LogSources = { execution: () => undefined, span: () => undefined };

/**
 * Makes what the process prints JSON objects from here on, one for each write: `time`, `level`, `message`, and inside of
 * calls `function`, `input`, `execution_id`, `trace_id` and `span_id`. What is an object already keeps its keys. Lines of
 * the console below `level` are left out; undefined leaves out none.
 */
export function jsonLogs({ stdout, stderr, console }: Outputs, level: LogLevel | undefined): JsonLogs {
  const scopes = new asyncHooks.AsyncLocalStorage<Readonly<Record<string, string>>>();
  let sources = NOBODY;
  let marked: LogLevel | undefined;
  const render = (text: string, own: LogLevel): string => {
    const execution = sources.execution();
    const ids = sources.span() ?? traceOf(execution?.get('traceparent'));
    const labels = {
      ...scopes.getStore(),
      ...(execution === undefined ? {} : { execution_id: execution.executionId }),
      ...(ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId }),
    };
    const time = new Date().toISOString();
    const entries = entriesOf(plainText(text));
    return entries.map((entry) => `${JSON.stringify({ time, level: own, ...labels, ...entry })}\n`).join('');
  };
  const writeTo = stderr.write.bind(stderr);
  const line = (own: LogLevel) => (text: string) => void writeTo(render(text, own));
  const own: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  replaceWrite(stdout, (text) => render(text, marked ?? 'info'));
  replaceWrite(stderr, (text) => render(text, marked ?? 'error'));
  markConsole(console, level, (now) => (marked = now));
  return {
    log: fromLevel(own, level),
    around: ({ services, inputName }, call) =>
      scopes.run({ function: services.functionName, ...(inputName === undefined ? {} : { input: inputName }) }, call),
    bind: (given) => (sources = given),
  };
}

/** Lines that are objects are one each; any other text is one message, however many lines it has. */
function entriesOf(text: string): object[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const objects = lines.map(parseObject);
  return objects.every((object) => object !== undefined) ? objects : [{ message: lines.join('\n') }];
}

function replaceWrite(stream: Stream, render: (text: string) => string): void {
  const write = stream.write.bind(stream);
  stream.write = (data, ...rest) => {
    const encoding = typeof rest[0] === 'string' && Buffer.isEncoding(rest[0]) ? rest[0] : undefined;
    const done = rest.find((arg) => typeof arg === 'function');
    const rendered = render(textOf(data, encoding));
    return done === undefined ? write(rendered) : write(rendered, done);
  };
}

/** The console writes within the call of its method, so that its level is known while it does. */
function markConsole(console: Console, least: LogLevel | undefined, mark: (level: LogLevel | undefined) => void): void {
  const levels = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;
  for (const name of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    const write = console[name].bind(console);
    const level = levels[name];
    const isShown = least === undefined || LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
    console[name] = (...args) => {
      if (!isShown) return;
      mark(level);
      try {
        write(...args);
      } finally {
        mark(undefined);
      }
    };
  }
}
