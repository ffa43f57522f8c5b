#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr
    .write(`ERROR [OFN-FUNC-NODE] The functions framework needs Node.js 22.18 or later; this is ${process.version}.

Run it with a newer Node.js, for example after "npm install --save-dev node@24".
`);
  process.exit(1);
}
// Compiled code of the last start, where there is a folder for it: https://nodejs.org/api/module.html#module-compile-cache
process.getBuiltinModule('node:module').enableCompileCache();
const { main } = await import('../build/serve/index.js');
await main();
