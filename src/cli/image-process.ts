import { FnError } from '../base/error.ts';
import { isTable } from '../base/table.ts';
import { findHome } from './home.ts';
import { labelsOfImage } from './image-labels.ts';
import type { Terminal } from './terminal.ts';

/** What the lifecycle tells of an image's processes: https://github.com/buildpacks/spec/blob/main/platform.md#iobuildpacksbuildmetadata-json */
const BUILD_METADATA = 'io.buildpacks.build.metadata';

/** The program that starts a process of an image; OFN-CLI-ARGUMENT when it has none of that name. */
export async function needProcess(
  image: string,
  type: string,
  withEngine: boolean,
  terminal: Terminal,
): Promise<string> {
  const labels = await labelsOfImage(image, { withEngine, home: findHome(terminal.env) }, terminal);
  const types = typesIn(labels[BUILD_METADATA]);
  if (types.includes(type)) return `/cnb/process/${type}`;
  throw new FnError(`Couldn't start the image: ${image} has no process "${type}".`, {
    code: 'OFN-CLI-ARGUMENT',
    hint:
      types.length === 0
        ? 'Leave out --process: no buildpack made this image.'
        : `Give --process one of ${types.join(', ')}, or leave it out.`,
  });
}

function typesIn(metadata: string | undefined): readonly string[] {
  const value: unknown = JSON.parse(metadata ?? '{}');
  const processes = isTable(value) ? value['processes'] : undefined;
  if (!Array.isArray(processes)) return [];
  return processes.flatMap((process: unknown) => (isTable(process) ? String(process['type']) : []));
}
