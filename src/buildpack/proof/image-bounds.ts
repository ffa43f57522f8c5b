import { realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { packageOf } from '../project/package-imports.ts';

/** What an image will have of the file system of its build. */
export interface ImageBounds {
  /** Absolute folder of the app. */
  readonly appDir: string;
  /** Further absolute folders, such as that of the layers. */
  readonly folders: readonly string[];
}

/**
 * From now on, modules outside of these folders are not there for `import` and `require`, as they are not there at launch.
 * Links count by where they lead.
 */
export function installImageBounds({ appDir, folders }: ImageBounds): void {
  const inImage = [appDir, ...folders].map((folder) => realPathOf(folder) ?? folder);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context);
      if (!found.url.startsWith('file:')) return found;
      const path = realPathOf(fileURLToPath(found.url));
      if (path === undefined || inImage.some((folder) => isInside(folder, path))) return found;
      const importer = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined;
      // Code that does without an optional module does so here too.
      throw Object.assign(
        new Error(`Cannot find module '${specifier}'`, { cause: outside(path, specifier, importer) }),
        {
          code: 'MODULE_NOT_FOUND',
        },
      );
    },
  });

  function outside(path: string, specifier: string, importer: string | undefined): FnError {
    const needs =
      importer === undefined ? 'the function is' : `${relative(appDir, importer)} imports "${specifier}", which is`;
    return new FnError(
      `Couldn't load the function: ${needs} ${path}, outside of the app. The image does not have it.`,
      {
        code: 'OFN-FUNC-DEPENDENCY',
        hint: packageOf(specifier) === undefined ? hintForFile(appDir, path) : hintForPackage(specifier),
      },
    );
  }
}

/** The failure that led to another one, where that was a module outside of the image; else the other one. */
export function asOutsideImage(thrown: unknown): unknown {
  let found = thrown;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof FnError && error.code === 'OFN-FUNC-DEPENDENCY') found = error;
  }
  return found;
}

function hintForPackage(specifier: string): string {
  const name = packageOf(specifier) ?? specifier;
  return `Add ${name} to \`dependencies\`: it was found in a node_modules that is not the app's.`;
}

/** The nearest folder that holds both, with what the app is called in it. */
function hintForFile(appDir: string, path: string): string {
  let root = dirname(appDir);
  while (!isInside(root, path)) root = dirname(root);
  return `Build from ${root} (OpenFunction: a shorter sourceSubPath, or none; pack: --path) and name the function with FUNC_SRC=${relative(root, appDir)}, or move the file into the app.`;
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
