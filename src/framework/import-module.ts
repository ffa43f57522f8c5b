import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Loads a module by its path: synchronously where Node can, which is faster; only top-level await needs `import()`. */
export async function importModule(path: string): Promise<unknown> {
  try {
    return createRequire(path)(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_REQUIRE_ASYNC_MODULE')) throw error;
  }
  return import(/* webpackIgnore: true */ pathToFileURL(path).href);
}
