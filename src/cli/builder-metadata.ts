import { FnError } from '../base/error.ts';
import type { LayoutImage } from '../oci/layout.ts';

/** What a build has to know of its builder. */
export interface Builder {
  readonly user: number;
  readonly group: number;
  /** The image that the result is based on. */
  readonly runImage: string;
}

const LABEL = 'io.buildpacks.builder.metadata';

/** Reads a builder's environment and label: https://github.com/buildpacks/spec/blob/main/platform.md#builder-interface */
export function readBuilder(name: string, { config }: LayoutImage): Builder {
  const user = Number(config.env['CNB_USER_ID']);
  const group = Number(config.env['CNB_GROUP_ID']);
  const runImage = /"(?:images|runImages)":\[\{"image":"([^"]+)"/.exec(config.labels[LABEL] ?? '')?.[1];
  if (runImage !== undefined && Number.isInteger(user) && Number.isInteger(group)) return { user, group, runImage };
  throw new FnError(`Couldn't use ${name} as a builder: it does not say who builds and on which run image.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Give --builder a Cloud Native Buildpacks builder, such as openfunction/builder-node.',
  });
}
