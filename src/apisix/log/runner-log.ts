import type { Log, LogLevel } from '../../base/log.ts';
import { fromLevel } from '../../base/log.ts';

/** Where lines go, such as the pipe that APISIX reads. */
export interface LogStream {
  /** Tells by its function when the text, and all before it, has gone or can't go. */
  write(text: string, done?: () => void): unknown;
  /** Bytes that were written and have not gone yet. */
  readonly writableLength: number;
}

/** What a reader that does not read may cost; after that lines are dropped, and counted. */
const MOST_WAITING = 256 * 1024;

/** Lines of time, level and text. None of them waits for its reader. */
export function createRunnerLog(stream: LogStream, level: LogLevel, now: () => Date): Log {
  let dropped = 0;
  const write = (name: LogLevel, text: string): void => {
    if (stream.writableLength > MOST_WAITING) {
      dropped += 1;
      return;
    }
    const lost = dropped === 0 ? '' : lineOf('warn', `${dropped} lines were dropped, as nobody read them.`);
    dropped = 0;
    stream.write(`${lost}${lineOf(name, text)}`);
  };
  const lineOf = (name: LogLevel, text: string): string => `${now().toISOString()}\t${name.toUpperCase()}\t${text}\n`;
  const at = (name: LogLevel) => (text: string) => write(name, text);
  return fromLevel({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, level);
}

/** Waits until all that was written has gone, or can't go. */
export function written(stream: LogStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}
