/** Where log lines go: anything with a `write` for text, such as process.stderr. */
export interface LogSink {
  write(text: string): unknown;
}

/** A line logger; lines below its level do not appear. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** The levels of lines, the lowest first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A logger that writes one line a call to `sink`, levels but `info` marked, from `level` on, which is `info` unless it says. */
export function createLog(sink: LogSink, options: { readonly level?: LogLevel | undefined } = {}): Log {
  const line = (prefix: string) => (text: string) => void sink.write(`${prefix}${text}\n`);
  return fromLevel({ debug: line(''), info: line(''), warn: line('WARNING: '), error: line('') }, options.level);
}

/** A logger without the lines below a level. */
export function fromLevel(log: Log, level: LogLevel = 'info'): Log {
  const least = LOG_LEVELS.indexOf(level);
  const entries = LOG_LEVELS.map((name, index) => [name, index >= least ? log[name] : () => {}] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each level
  return Object.fromEntries(entries) as unknown as Log;
}
