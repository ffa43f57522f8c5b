import { join } from 'node:path';
import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Resolved } from '../../base/setting.ts';
import type { RecordedLayer } from '../layers/record.ts';
import { bytesIn, describeBytes, largestFirst, packagesIn, type Part } from '../layers/size.ts';

/** How many packages a failure names. */
const NAMED_PACKAGES = 5;

/** What an image has above its run image. */
export interface ImageParts {
  readonly appDir: string;
  readonly layersDir: string;
  readonly layers: readonly RecordedLayer[];
}

/** Fails a build whose image is larger than its budget: OFN-BUDGET, with what is largest in it. */
export async function keepSizeBudget(
  { value: budget, source }: Resolved<number | undefined>,
  { appDir, layersDir, layers }: ImageParts,
  log: Log,
): Promise<void> {
  if (budget === undefined) return;
  const parts: Part[] = [{ name: 'app', bytes: await bytesIn(appDir) }];
  for (const { name, bytes } of layers) {
    if (bytes === undefined) {
      log.warn(`The size budget does not count the layer "${name}", which an earlier buildpack made.`);
    } else parts.push({ name, bytes });
  }
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const sum = `${describeBytes(total)} above the run image`;
  log.info(`Size: ${sum}, of ${describeBytes(budget)} (from ${source})`);
  if (total <= budget) return;
  const packages = (await packagesIn(join(layersDir, 'modules/node_modules'))).slice(0, NAMED_PACKAGES);
  throw new FnError(
    `Couldn't keep the size budget: the image has ${sum}, and ${source} allows ${describeBytes(budget)}.\n\n${[
      ...largestFirst(parts).map((part) => line('', part)),
      ...packages.map((part) => line('modules: ', part)),
    ].join('\n')}`,
    { code: 'OFN-BUDGET', hint: `Make what is largest smaller, or set ${source} to more.` },
  );
}

function line(of: string, { name, bytes }: Part): string {
  return `${describeBytes(bytes).padStart(10)}  ${of}${name}`;
}
