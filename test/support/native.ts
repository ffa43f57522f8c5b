import type { RegistryPackage } from './registry.ts';
import { json } from './shape.ts';
import { makeFolder } from './workspace.ts';

/** An addon that needs no header of Node.js: Node-API is a set of C functions. */
const ADDON = `typedef void *napi_env;
typedef void *napi_value;
int napi_create_string_utf8(napi_env, const char *, unsigned long, napi_value *);
__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value text;
  napi_create_string_utf8(env, "compiled", 8, &text);
  return text;
}
`;

/** A package that compiles the addon when it is installed. */
export const NATIVE: RegistryPackage = {
  name: '@acme/native',
  // pnpm and bun ask for a script.
  manifest: { scripts: { install: 'node-gyp rebuild' } },
  files: {
    'addon.c': ADDON,
    'binding.gyp': '{"targets": [{"target_name": "addon", "sources": ["addon.c"]}]}',
    'index.js': "module.exports = require('./build/Release/addon.node');\n",
  },
};

/** A folder with what node-gyp needs of a Node.js whose headers nobody includes. */
export function headers(): string {
  return makeFolder({
    'include/node/common.gypi':
      "{'target_defaults': {'cflags': ['-fPIC'], 'default_configuration': 'Release', 'configurations': {'Release': {}}}}",
    'include/node/config.gypi': "{'variables': {}, 'target_defaults': {}}",
    'include/node/node_version.h': '#define NODE_MAJOR_VERSION 24\n',
  });
}

/** An app that answers with what the addon says; its manifest has `more`. */
export function nativeApp(more: object): Record<string, string> {
  const manifest = { name: 'app', version: '1.0.0', private: true, dependencies: { '@acme/native': '1.0.0' } };
  return {
    'package.json': json({ ...manifest, ...more }),
    'index.js': "exports.hello = (req, res) => res.end(require('@acme/native'));\n",
  };
}
