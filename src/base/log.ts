/** Where log lines go: anything with a `write` for text, such as process.stderr. */
export interface LogSink {
  write(text: string): unknown;
}

/** A line logger; `debug` lines appear only when it was made verbose. */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A logger that writes one line a call to `sink`, levels but `info` marked. */
export function createLog(sink: LogSink, options: { readonly verbose?: boolean } = {}): Log {
  const line = (prefix: string) => (text: string) => void sink.write(`${prefix}${text}\n`);
  return {
    debug: options.verbose === true ? line('') : () => {},
    info: line(''),
    warn: line('WARNING: '),
    error: line(''),
  };
}
