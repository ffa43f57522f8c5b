import { valid } from 'semver';
import { FnError } from '../../base/error.ts';
import type { Setting } from '../../base/setting.ts';

/** The rows of docs/build.md's table that concern Node.js; the places of versions are in sources.ts. */
export const NODE_SETTINGS: {
  readonly runImage: Setting<string | undefined>;
  readonly dist: Setting<URL | undefined>;
} = {
  runImage: {
    variables: ['BP_RUN_IMAGE_NODE_VERSION'],
    help: 'The version of Node.js in the run image; the builder says it.',
    fallback: undefined,
    parse: parseVersion,
  },
  dist: {
    variables: ['BP_NODE_DIST_URL'],
    help: 'A mirror of https://nodejs.org/dist, also as a folder (file:), to take Node.js from.',
    fallback: undefined,
    parse: parseSite,
  },
};

function parseVersion(raw: string, source: string): string {
  const version = valid(raw.trim());
  if (version !== null) return version;
  throw new FnError(`Couldn't use ${source}: "${raw}" is not a version of Node.js.`, {
    code: 'OFN-CONFIG',
    hint: `The builder sets ${source} to what its run image has, for example 24.21.0; leave it out where the run image has no Node.js.`,
  });
}

function parseSite(raw: string, source: string): URL {
  const url = URL.canParse(raw) ? new URL(raw.endsWith('/') ? raw : `${raw}/`) : undefined;
  if (url !== undefined && ['http:', 'https:', 'file:'].includes(url.protocol)) return url;
  throw new FnError(`Couldn't use ${source}: it is no address of a web server or a folder.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a mirror of https://nodejs.org/dist, for example https://mirror.example.com/node or file:///opt/node.`,
  });
}
