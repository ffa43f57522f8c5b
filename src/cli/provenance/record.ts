import { writeFile } from 'node:fs/promises';
import { FnError, messageOf } from '../../base/error.ts';
import type { LayoutImage } from '../../oci/layout.ts';
import type { BuildRequest } from '../build-request.ts';
import type { Terminal } from '../terminal.ts';
import { packageResources } from './package-resources.ts';
import { sourceResources } from './source-resources.ts';
import { statementOf } from './statement.ts';

/** The images of a build, as layouts. */
export interface BuiltImages {
  readonly image: LayoutImage;
  readonly builder: LayoutImage;
  readonly runImage: LayoutImage;
  readonly runImageName: string;
}

/** Writes the provenance of a build down, when its image is there. */
export type ProvenanceRecord = (images: BuiltImages, layersDir: string) => Promise<void>;

/**
 * Looks at what a build is given, before anything changes it, and gives what writes its provenance afterwards; undefined
 * where none is wanted. `copy` is the folder that the build gets.
 */
export async function startRecord(
  { builder, env, image, provenance, source }: BuildRequest,
  copy: string,
  terminal: Terminal,
): Promise<ProvenanceRecord | undefined> {
  if (provenance === undefined) return undefined;
  const { file, lockFiles, version } = provenance;
  const given = await sourceResources({ folder: source, copy, without: provenance.inSource, lockFiles }, terminal);
  return async (images, layersDir) => {
    const statement = statementOf({
      image: { name: image, digest: images.image.digest },
      builder: { name: builder, digest: images.builder.digest },
      runImage: { name: images.runImageName, digest: images.runImage.digest },
      platform: `linux/${images.image.arch}`,
      variables: Object.keys(env).toSorted(),
      version,
      source: given,
      packages: await packageResources(layersDir),
    });
    await write(file, `${JSON.stringify(statement, undefined, 2)}\n`);
  };
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new FnError(`Couldn't write the provenance of the image: ${messageOf(error)}.`, {
      code: 'OFN-CLI-ARGUMENT',
      hint: 'Give --provenance a file in a folder that is there and can be written to. The image was built.',
      cause: error,
    });
  }
}
