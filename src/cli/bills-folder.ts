import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError, messageOf } from '../base/error.ts';
import type { Terminal } from './terminal.ts';

/**
 * Copies the bills of a build, which the lifecycle leaves in `<folder>/sbom`, to where they are wanted: `launch` has those of
 * the image, `build` those of what the build alone used. Says so where there are none.
 */
export async function copyBills(folder: string, wanted: string | undefined, terminal: Terminal): Promise<void> {
  if (wanted === undefined) return;
  const bills = join(folder, 'sbom');
  if (!existsSync(bills))
    return void terminal.stdout.write('There are no bills of materials: the builder makes none\n');
  try {
    await cp(bills, wanted, { recursive: true });
  } catch (error) {
    throw new FnError(`Couldn't write the bills of materials: ${messageOf(error)}.`, {
      code: 'OFN-CLI-ARGUMENT',
      hint: 'Give --sbom-output-dir a folder that you may write to.',
      cause: error,
    });
  }
}
