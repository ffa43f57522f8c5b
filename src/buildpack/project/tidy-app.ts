import { relative } from 'node:path';
import type { Log } from '../../base/log.ts';
import { removeCredentials, type AddressCredentials } from '../bindings/address-credentials.ts';
import { refuseLeaks } from '../bindings/leaks.ts';
import { nodeModulesIn } from '../dependencies/node-modules.ts';
import { normaliseModes } from './file-modes.ts';
import { findOuterLinks } from './outer-links.ts';
import { leaveOut, leaveOutOfProject, OF_PLATFORMS } from './left-out.ts';

/** An app, and the folders of its project that have packages of their own. */
interface TidiedApp {
  readonly appDir: string;
  readonly projectDir: string;
  /** Relative to the project: '' is the project itself. */
  readonly folders: readonly string[];
}

/**
 * Takes out of the app's folder what an image does not need or must not have, and sets modes by one rule; gives the users
 * and passwords of addresses that it took out.
 */
export async function tidyApp(
  { appDir, projectDir, folders }: TidiedApp,
  ofManager: readonly string[],
  log: Log,
): Promise<readonly AddressCredentials[]> {
  const project = relative(appDir, projectDir);
  const leftOut = [
    ...(await leaveOut(appDir)),
    ...(await leaveOutOfProject(appDir, '', OF_PLATFORMS)),
    ...(await leaveOutOfProject(appDir, project, ofManager)),
  ];
  if (leftOut.length > 0) log.info(`Left out of the image: ${leftOut.join(', ')}`);
  const found = await removeCredentials(appDir);
  for (const [path, credentials] of found) {
    for (const installed of nodeModulesIn(projectDir, folders)) await refuseLeaks(installed, credentials, path);
    log.warn(
      `${path} has passwords in addresses: they are not in the image. A service binding keeps them out of files.`,
    );
  }
  for (const { path, target } of await findOuterLinks(appDir)) {
    log.warn(`${path} leads to ${target}, outside of the app: the image does not have it.`);
  }
  await normaliseModes(appDir);
  return [...found.values()].flat();
}
