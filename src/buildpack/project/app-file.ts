import { sep } from 'node:path';
import { FnError } from '../../base/error.ts';

/**
 * Reads files of the app with `read`; a failure names them relative to the app, because the folder of the build is not
 * the user's.
 */
export async function namedInApp<T>(appDir: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    const named = (text: string): string => text.replaceAll(appDir + sep, '');
    throw new FnError(named(error.message), { code: error.code, hint: named(error.hint), cause: error });
  }
}
