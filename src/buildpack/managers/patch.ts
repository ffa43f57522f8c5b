import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { FnError } from '../../base/error.ts';
import type { Environment } from '../../base/setting.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { isTable, type Table } from '../../base/table.ts';
import { parseJsonTable } from '../project/json-file.ts';
import { INSTALL_SCRIPTS, PREPARE_SCRIPTS } from '../project/package-json.ts';
import type { ManagerChoice } from './choose.ts';
import { credentialsApart } from './credentials-apart.ts';
import { unlisted } from './npm.ts';
import type { StandIn } from './stand-in.ts';
import { isNotOfApp } from '../project/own-folders.ts';

/** What a manager is shown in place of the project's files while it installs. */
export interface Patch {
  /** Path relative to the app to text. */
  readonly texts: ReadonlyMap<string, string>;
  /** What its process gets besides. */
  readonly env: Environment;
  /** All manifests of the app: there are managers that write them anew. */
  readonly manifests: readonly string[];
  /** Whether the lock file is among them. */
  readonly lock: boolean;
}

/** What the manifests are for. */
export interface PatchedFor {
  /** An install without devDependencies. */
  readonly production: boolean;
  /** One in which the app's own install scripts do not run either. */
  readonly ignoreScripts: boolean;
  /** The folder that stands in for the framework; undefined where a lock file says what is installed. */
  readonly standIn: string | undefined;
  /** What it runs with. */
  readonly env: Environment;
}

/**
 * The manifests of the app without the framework, which the image has by itself and no registry needs to have, and for
 * production without the scripts that prepare a working copy; the lock file accordingly.
 */
export async function patchFor(appDir: string, choice: ManagerChoice, how: PatchedFor): Promise<Patch> {
  const { lock, manager } = choice;
  const standIn = how.standIn === undefined ? {} : manager.standIn(how.standIn);
  const unwanted = new Set([...(how.production ? PREPARE_SCRIPTS : []), ...(how.ignoreScripts ? INSTALL_SCRIPTS : [])]);
  const texts = new Map<string, string>();
  const manifests: string[] = [];
  for await (const path of glob('**/package.json', { cwd: appDir, exclude: isNotOfApp })) {
    manifests.push(path);
    const manifest = manifestOf(await readFile(join(appDir, path), 'utf8'), path);
    if (manifest === undefined) continue;
    const patched = {
      ...patchManifest(manifest, { unwanted, omitDev: how.production && !manager.omitsDev }),
      ...(path === 'package.json' ? overriding(manifest, standIn) : {}),
    };
    if (!isDeepStrictEqual(patched, manifest)) texts.set(path, `${JSON.stringify(patched, null, 2)}\n`);
  }
  if (lock === undefined && manager.endsAtLockFile === true) texts.set(manager.lockFiles[0], '');
  const patchesLock = lock !== undefined && lock.text.includes(FRAMEWORK.name);
  if (patchesLock) texts.set(lock.name, manager.withoutPackage(lock.text, FRAMEWORK.name));
  const plain = { texts, env: {} };
  const shown =
    manager.namesByAddress === true
      ? await credentialsApart(appDir, manifests, choice, { texts, env: how.env })
      : plain;
  return { ...shown, env: { ...shown.env, ...standIn.env }, manifests, lock: patchesLock };
}

function overriding(root: Table, { manifest }: StandIn): Table {
  if (manifest === undefined) return {};
  const own = root[manifest.key];
  return { [manifest.key]: { ...(isTable(own) ? own : {}), [FRAMEWORK.name]: manifest.range } };
}

function patchManifest(
  manifest: Table,
  how: { readonly unwanted: ReadonlySet<string>; readonly omitDev: boolean },
): Table {
  const { devDependencies, ...rest } = unlisted(manifest, FRAMEWORK.name);
  const { scripts } = rest;
  return {
    ...rest,
    ...(devDependencies === undefined || how.omitDev ? {} : { devDependencies }),
    ...(isTable(scripts) ? { scripts: without(scripts, how.unwanted) } : {}),
  };
}

function without(scripts: Table, unwanted: ReadonlySet<string>): Table {
  return Object.fromEntries(Object.entries(scripts).filter(([name]) => !unwanted.has(name)));
}

/** A manifest that is an object; what else is called package.json somewhere below is none of ours. */
function manifestOf(text: string, path: string): Table | undefined {
  try {
    return parseJsonTable(text, path, 'OFN-PACKAGE-JSON');
  } catch (error) {
    if (error instanceof FnError) return undefined;
    throw error;
  }
}
