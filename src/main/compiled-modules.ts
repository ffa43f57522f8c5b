import { readdirSync, writeFileSync } from 'node:fs';
import { flushCompileCache, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { linkCompileCache } from '../framework/compile-cache.ts';

/** How many kinds of compiled code are looked for; Node has fewer. */
const KINDS = 8;

/**
 * From now on Node writes the code that it compiles into `folder`. What is given back ends that, and writes down there,
 * in the file `list`, which module each entry is of: Node names entries by the CRC-32 of their kind (one byte) and of the
 * module's path or URL, https://github.com/nodejs/node/blob/main/src/compile_cache.cc
 */
export function recordCompiled(folder: string, list: string): () => void {
  const loaded = new Set<string>();
  registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith('file:')) loaded.add(url);
      return nextLoad(url, context);
    },
  });
  const unlink = linkCompileCache(folder);
  // Also where the function can't be loaded.
  process.once('exit', unlink);
  return () => {
    flushCompileCache();
    const modules = modulesOf(new Set(readdirSync(folder)), loaded);
    const node = `${process.versions.node} ${process.arch}`;
    const text = JSON.stringify({ node, modules: Object.fromEntries(modules) });
    writeFileSync(join(folder, list), text);
  };
}

function modulesOf(entries: ReadonlySet<string>, loaded: ReadonlySet<string>): Map<string, string> {
  const modules = new Map<string, string>();
  for (const url of loaded) {
    const path = fileURLToPath(url);
    for (const entry of namesOf(url, path)) if (entries.has(entry)) modules.set(entry, path);
  }
  return modules;
}

function namesOf(url: string, path: string): string[] {
  const kinds = Array.from({ length: KINDS }, (_, kind) => crc32(Buffer.of(kind)));
  return kinds.flatMap((kind) => [url, path].map((name) => crc32(name, kind).toString(16).padStart(8, '0')));
}
