import { valid } from 'semver';
import { FnError } from '../../base/error.ts';
import type { BuildSetting } from '../config/setting.ts';

/** The settings that concern Node.js; files that say a version too are in sources.ts. */
export const NODE_SETTINGS: {
  readonly version: BuildSetting<string>;
  readonly runtime: BuildSetting<string>;
  readonly dist: BuildSetting<string>;
  readonly runImage: BuildSetting<string>;
} = {
  version: {
    subject: 'Node.js',
    variables: ['BP_NODE_VERSION', 'FUNC_RUNTIME_VERSION'],
    key: 'node',
    help: 'the version of Node.js, a range or a release line such as `24`, `^22.18.0` or `lts/jod`',
    fallback: '',
    parse: (raw) => raw,
  },
  runtime: {
    subject: 'runtime',
    variables: ['FUNC_RUNTIME'],
    help: '`node` or `nodejs`, with a version of Node.js after it or without one, such as `nodejs24`',
    fallback: '',
    parse: parseRuntime,
  },
  dist: {
    subject: 'mirror of Node.js',
    variables: ['BP_NODE_DIST_URL'],
    key: 'node-mirror',
    help: 'a mirror of `https://nodejs.org/dist`, or a folder laid out like it (`file:///opt/node`)',
    fallback: '',
    parse: parseSite,
  },
  runImage: {
    subject: 'Node.js of the run image',
    variables: ['BP_RUN_IMAGE_NODE_VERSION'],
    help: 'the version of Node.js in the run image; the builder says it',
    fallback: '',
    parse: parseVersion,
  },
};

/** The version in a runtime's name; nothing where it has none. */
function parseRuntime(raw: string, source: string): string {
  const [name, version = ''] = /^node(?:js)?[-:@]?(\d+(?:\.\d+){0,2})?$/i.exec(raw.trim()) ?? [];
  if (name !== undefined) return version;
  throw new FnError(`Couldn't use ${source}: this buildpack has no runtime "${raw}".`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to nodejs, or leave it out; functions in other languages need a builder of theirs.`,
  });
}

function parseVersion(raw: string, source: string): string {
  const version = valid(raw.trim());
  if (version !== null) return version;
  throw new FnError(`Couldn't use ${source}: "${raw}" is not a version of Node.js.`, {
    code: 'OFN-CONFIG',
    hint: `The builder sets ${source} to what its run image has, for example 24.21.0; leave it out where the run image has no Node.js.`,
  });
}

function parseSite(raw: string, source: string): string {
  const url = URL.canParse(raw) ? new URL(raw.endsWith('/') ? raw : `${raw}/`) : undefined;
  if (url !== undefined && ['http:', 'https:', 'file:'].includes(url.protocol)) return url.href;
  throw new FnError(`Couldn't use ${source}: it is no address of a web server or a folder.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to a mirror of https://nodejs.org/dist, for example https://mirror.example.com/node or file:///opt/node.`,
  });
}
