import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { writeText } from '../libcnb/text-file.ts';
import { withoutServiceLinks } from './service-links.ts';

/** Variables of a build, by who they are for. Names and values are as they were given, byte for byte. */
export interface BuildVariables {
  /** For what is built: files of `<platform>/env`. */
  readonly build: ReadonlyMap<string, Buffer>;
  /** For the lifecycle itself. */
  readonly lifecycle: Readonly<Record<string, string>>;
}

/** Who variables are for, the first row that matches `NAME=value`; those that are in no row are for what is built. */
const ROWS: readonly { readonly entries: RegExp; readonly of: 'lifecycle' | 'both' }[] = [
  // The lifecycle speaks to registries, and marks images with what they are for.
  {
    entries: /^(?:HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_(?:DIR|FILE)|DOCKER_CONFIG|CNB_EXEC_ENV)=/,
    of: 'both',
  },
  // What the image, the container runtime and the shell set.
  { entries: /^(?:HOME|HOSTNAME|OLDPWD|PATH|PWD|SHLVL|TERM|_)=/, of: 'lifecycle' },
  { entries: /^LANG=C\.UTF-8$/, of: 'lifecycle' },
  // https://github.com/buildpacks/spec/blob/main/platform.md#lifecycle-interface
  { entries: /^CNB_/, of: 'lifecycle' },
];

/** As long as the name of a file may be, in bytes. */
const NAME_LIMIT = 255;

/**
 * Reads the variables of a process as /proc has them: `NAME=value`, each with a NUL after it. Those of `more`, `NAME=value`
 * each, are only where the process has none of that name. OFN-CONFIG for names that are none.
 */
export function readBuildVariables(environ: Buffer, more: readonly string[] = []): BuildVariables {
  // One character each byte: no byte is lost, whatever text it is.
  const entries = environ
    .toString('latin1')
    .split('\0')
    .filter((entry) => entry.includes('='));
  const build = new Map<string, Buffer>();
  const lifecycle: Record<string, string> = {};
  // What comes last wins.
  for (const entry of [...more, ...withoutServiceLinks(entries)]) {
    const name = entry.slice(0, entry.indexOf('='));
    const value = Buffer.from(entry.slice(name.length + 1), 'latin1');
    const of = ROWS.find(({ entries }) => entries.test(entry))?.of ?? 'build';
    if (of !== 'build') lifecycle[name] = value.toString();
    if (of !== 'lifecycle') build.set(checkName(name), value);
  }
  return { build, lifecycle };
}

/** Writes variables where buildpacks find them: https://github.com/buildpacks/spec/blob/main/buildpack.md#provided-by-the-platform */
export async function writePlatformEnv(platform: string, variables: BuildVariables['build']): Promise<void> {
  for (const [name, value] of variables) await writeText(join(platform, 'env', name), value);
}

/** Kubernetes allows nearly any text as a name; here it becomes that of a file. `name` has one character for each byte. */
export function checkName(name: string): string {
  if (/^[A-Za-z_][\w.-]*$/.test(name) && name.length <= NAME_LIMIT) return name;
  throw new FnError(
    `Couldn't use the variable ${JSON.stringify(Buffer.from(name, 'latin1').toString())}: it has no name that builds can have.`,
    {
      code: 'OFN-CONFIG',
      hint: 'Name variables of spec.env with letters, digits, "_", "." and "-", the first a letter or "_".',
    },
  );
}
