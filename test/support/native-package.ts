import { gzipSync } from 'node:zlib';
import { tarOf } from './layout.ts';

const SOURCE = `#include <node_api.h>

static napi_value answer(napi_env env, napi_callback_info info) {
  napi_value value;
  napi_create_int32(env, 42, &value);
  return value;
}

NAPI_MODULE_INIT() {
  napi_value value;
  napi_create_function(env, "answer", NAPI_AUTO_LENGTH, answer, NULL, &value);
  napi_set_named_property(env, exports, "answer", value);
  return exports;
}
`;

/** A package of C code, as npm packs it: its install compiles it, its `answer()` is 42. */
export async function nativePackage(): Promise<Buffer> {
  const manifest = { name: 'answer-native', version: '1.0.0', main: 'index.js', gypfile: true };
  const gyp = { targets: [{ target_name: 'answer', sources: ['answer.c'] }] };
  const files = {
    'package/package.json': JSON.stringify(manifest),
    'package/binding.gyp': JSON.stringify(gyp),
    'package/answer.c': SOURCE,
    'package/index.js': "module.exports = require('./build/Release/answer.node');\n",
  };
  return gzipSync(await tarOf(files));
}
