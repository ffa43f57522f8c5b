import { json, plainApp, lockFile, type Shape } from './shape.ts';

/** A project whose function is called in a certain way. */
export interface FunctionShape extends Shape {
  /** What the function is called with; a plain GET of `/` when it is missing. */
  readonly call?: { readonly path?: string; readonly init?: RequestInit };
  readonly answer: string | RegExp;
}

const MODULE = { 'package.json': json({ private: true, type: 'module' }) };
const COMMON = "exports.hello = (req, res) => res.end('common');\n";
const ES = "export const hello = (req, res) => res.end('module');\n";
const SERVER = "require('node:http').createServer((_, res) => res.end('served')).listen(process.env.PORT);\n";
const VERSION = 'exports.hello = (req, res) => res.end(process.version);\n';
const TYPED = `import type { ServerResponse } from 'node:http';
export const hello = (_: unknown, res: ServerResponse): void => void res.end('typed');
`;

/** Sends JSON, or what `type` says. */
const post = (body: unknown, type = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: JSON.stringify(body),
});

const CLOUD_EVENT = { id: '1', source: '/test', type: 'com.example.made', specversion: '1.0', data: { name: 'cat' } };
const EVENT = {
  context: { eventId: '1', eventType: 'com.example.made', resource: 'test', timestamp: '2026-01-01T00:00:00Z' },
  data: { data: Buffer.from('cat').toString('base64') },
};
const boots = (signature: string, file: string): string[] => [`boots, ${signature} signature, /workspace/${file}`];

/** Projects by where their function is, in which language, and how it is called. */
export const FUNCTION_SHAPES: Readonly<Record<string, FunctionShape>> = {
  'a CommonJS module without package.json': {
    files: { 'index.js': COMMON },
    prints: boots('http', 'index.js'),
    answer: 'common',
  },
  'a CommonJS module in a project of ES modules': {
    files: { ...MODULE, 'index.cjs': COMMON },
    prints: boots('http', 'index.cjs'),
    answer: 'common',
  },
  'an ES module by "type"': {
    files: { ...MODULE, 'index.js': ES },
    prints: boots('http', 'index.js'),
    answer: 'module',
  },
  'an ES module by its name': { files: { 'index.mjs': ES }, prints: boots('http', 'index.mjs'), answer: 'module' },
  'an ES module that awaits while it loads': {
    files: {
      ...MODULE,
      'index.js': "const text = await Promise.resolve('awaited');\nexport const hello = (req, res) => res.end(text);\n",
    },
    prints: boots('http', 'index.js'),
    answer: 'awaited',
  },
  'an ES module that CommonJS requires': {
    files: { 'index.js': "exports.hello = require('./other.mjs').hello;\n", 'other.mjs': ES },
    prints: boots('http', 'index.js'),
    answer: 'module',
  },
  '"exports" of package.json': {
    files: { 'package.json': json({ type: 'module', exports: { '.': './lib/main.js' } }), 'lib/main.js': ES },
    prints: boots('http', 'lib/main.js'),
    answer: 'module',
  },
  '"main" of package.json': {
    files: { 'package.json': json({ main: 'lib' }), 'lib/index.js': COMMON },
    prints: boots('http', 'lib/index.js'),
    answer: 'common',
  },
  'TypeScript that Node.js runs': {
    files: { ...MODULE, 'index.ts': TYPED },
    prints: boots('http', 'index.ts'),
    answer: 'typed',
  },
  'TypeScript by the name of ES modules': {
    files: { 'index.mts': TYPED },
    prints: boots('http', 'index.mts'),
    answer: 'typed',
  },
  'TypeScript by the name of CommonJS': {
    files: { 'index.cts': "exports.hello = (_: unknown, res: { end(text: string): void }) => res.end('typed');\n" },
    prints: boots('http', 'index.cts'),
    answer: 'typed',
  },
  'TypeScript that is compiled': {
    files: {
      'package.json': json({ private: true, type: 'module', devDependencies: { typescript: '7.0.2' } }),
      'tsconfig.json': json({
        compilerOptions: { module: 'nodenext', target: 'es2022', outDir: 'dist', rootDir: 'src' },
      }),
      'src/index.ts':
        "enum Word {\n  Only = 'compiled',\n}\nexport const hello = (_: object, res: { end(text: string): void }): void => res.end(Word.Only);\n",
    },
    prints: ['TypeScript: tsc 7.0.2, tsconfig.json', ...boots('http', 'dist/index.js')],
    answer: 'compiled',
  },
  'TypeScript below src that imports TypeScript': {
    files: { ...MODULE, 'src/index.ts': "export { hello } from './other.ts';\n", 'src/other.ts': TYPED },
    prints: boots('http', 'src/index.ts'),
    answer: 'typed',
  },
  'JavaScript that was compiled before': {
    files: { ...MODULE, 'dist/index.js': ES, 'tsconfig.json': json({ compilerOptions: { outDir: 'dist' } }) },
    prints: boots('http', 'dist/index.js'),
    answer: 'module',
  },
  'a file that FUNC_SRC names': {
    files: { 'handlers/hello.js': COMMON },
    env: { FUNC_SRC: 'handlers/hello.js' },
    prints: boots('http', 'handlers/hello.js'),
    answer: 'common',
  },
  'a folder that FUNC_SRC names': {
    files: { 'handlers/index.mjs': ES },
    env: { FUNC_SRC: 'handlers' },
    prints: boots('http', 'handlers/index.mjs'),
    answer: 'module',
  },
  'func.toml alone says what to build': {
    files: {
      'func.toml': '[openfunction]\nname = "other"\nsource = "lib/other.mjs"\n',
      'lib/other.mjs': ES.replace('hello', 'other'),
    },
    env: { FUNC_NAME: '' },
    prints: ['Function "other" (from "name" in func.toml)'],
    answer: 'module',
  },
  'package.json alone says what to build': {
    files: {
      'package.json': json({ openfunction: { name: 'other' } }),
      'function.js': COMMON.replace('hello', 'other'),
    },
    env: { FUNC_NAME: '' },
    prints: ['Function "other" (from "name" in package.json)'],
    answer: 'common',
  },
  'project.toml alone says what to build': {
    files: {
      'project.toml':
        '[_]\nschema-version = "0.2"\n\n[[io.buildpacks.build.env]]\nname = "FUNC_NAME"\nvalue = "other"\n',
      'index.mjs': ES.replace('hello', 'other'),
    },
    env: { FUNC_NAME: '' },
    prints: boots('http', 'index.mjs'),
    answer: 'module',
  },
  'one variable that holds others, for platforms that damage values': {
    files: { 'index.mjs': ES.replace('hello', 'other') },
    env: { FUNC_NAME: '', FUNC_ENV_B64URL: Buffer.from(json({ FUNC_NAME: 'other' })).toString('base64url') },
    prints: boots('http', 'index.mjs'),
    answer: 'module',
  },
  'an application that "start" of package.json starts': {
    files: { 'package.json': json({ scripts: { start: 'node server.js' } }), 'server.js': SERVER },
    env: { FUNC_NAME: '' },
    prints: [],
    answer: 'served',
  },
  'an application that a Procfile starts': {
    files: { Procfile: 'web: node server.js\n', 'server.js': SERVER },
    env: { FUNC_NAME: '' },
    prints: [],
    answer: 'served',
  },
  'a range of Node.js that the run image fits': {
    files: { 'package.json': json({ engines: { node: '>=22.18' } }), 'index.js': VERSION },
    prints: [': in the run image'],
    answer: /^v24\./,
  },
  'a release line of Node.js that the run image has not': {
    files: { '.nvmrc': 'lts/jod\n', 'index.js': VERSION },
    prints: ['layer added', '.nvmrc asks for "lts/jod"'],
    answer: /^v22\./,
  },
  'a function that is declared': {
    files: {
      ...MODULE,
      'index.js': `import { http } from '@openfunction/functions-framework';
http('hello', (req, res) => res.end('declared'));
`,
    },
    prints: boots('http', 'index.js'),
    answer: 'declared',
  },
  'several functions, each on a path of its own': {
    files: 'routes',
    env: { FUNC_NAME: 'show,price,health' },
    prints: ['boots'],
    call: { path: '/price', init: post({ items: [1, 2] }) },
    answer: '{"price":4}',
  },
  'a function of the web standard': {
    files: 'web',
    env: { FUNC_NAME: 'default' },
    prints: ['boots'],
    call: { path: '/a', init: { method: 'PUT', body: 'text' } },
    answer: '{"method":"PUT","pathname":"/a","body":"text"}',
  },
  'a function of CloudEvents': {
    files: 'cloudevent',
    env: { FUNC_NAME: 'thumbnail' },
    prints: boots('cloudevent', 'index.js'),
    call: { init: post(CLOUD_EVENT, 'application/cloudevents+json') },
    answer: '{"name":"cat.png"}',
  },
  'a function of events': {
    files: 'event',
    env: { FUNC_NAME: 'audit', FUNC_TYPE: 'event' },
    prints: boots('event', 'index.js'),
    call: { init: post(EVENT) },
    answer: '{"audited":"cat"}',
  },
  'a function of typed values, in TypeScript': {
    files: 'typed',
    env: { FUNC_NAME: 'total' },
    prints: boots('typed', 'index.ts'),
    call: { init: post({ prices: [1, 2] }) },
    answer: '{"total":3}',
  },
  'a function with a context': {
    files: 'openfunction',
    env: { FUNC_NAME: 'greet', FUNC_TYPE: 'openfunction' },
    prints: boots('openfunction', 'index.js'),
    call: { init: post({ name: 'you' }) },
    answer: '{"greeting":"Hello, you!","function":"greet"}',
  },
  'a function behind plugins': {
    files: 'plugin',
    env: { FUNC_NAME: 'greet', FUNC_TYPE: 'openfunction' },
    prints: boots('openfunction', 'index.js'),
    call: {
      init: {
        ...post({ name: 'you' }),
        headers: { 'content-type': 'application/json', authorization: 'Bearer open-sesame' },
      },
    },
    answer: '{"greeting":"Hello, you!"}',
  },
  'a function that streams': {
    files: 'stream',
    env: { FUNC_NAME: 'ticks' },
    prints: ['boots'],
    answer: 'data: 1\n\ndata: 2\n\ndata: 3\n\n',
  },
  'an app of Express': {
    files: 'express',
    env: { FUNC_NAME: 'app' },
    prints: ['npm ci --omit=dev'],
    call: { path: '/users/7' },
    answer: '{"id":"7"}',
  },
  'a function that also takes WebSockets': {
    files: 'websocket',
    prints: ['boots'],
    answer: 'Open a WebSocket here.\n',
  },
  'a sample with a dependency of ES modules': {
    files: 'disk-usage',
    env: { FUNC_NAME: '' },
    prints: ['npm ci --omit=dev'],
    answer: /^\{"free":"[\d.]+ \w?B","total":"[\d.]+ \w?B"\}$/,
  },
  'node_modules of the repository itself': {
    files: {
      ...plainApp(),
      'package-lock.json': lockFile('plain.npm'),
      'node_modules/is-odd/package.json': json({ name: 'is-odd', version: '3.0.1' }),
      'node_modules/is-odd/index.js': 'module.exports = () => true;\n',
    },
    env: { BP_VENDORED_MODULES: 'on' },
    prints: ['boots'],
    answer: 'odd: true, dev: none',
  },
};
