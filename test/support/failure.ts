import { FnError, describeError } from '../../src/base/error.ts';

/** The text a user reads when `act` fails with a coded error, with each of `paths` replaced by its name. */
export async function failureOf(act: () => unknown, paths: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    let text = describeError(error);
    for (const [name, path] of Object.entries(paths)) text = text.replaceAll(path, `<${name}>`);
    return text;
  }
  throw new Error('it did not fail');
}
