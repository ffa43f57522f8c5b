import { expect, test } from 'vitest';
import { bindRuntime } from '../../../../src/framework/context/bind-runtime.ts';
import type { OpenFunctionInvocation } from '../../../../src/framework/context/runtime.ts';
import { makeServicesOf } from '../../../../src/framework/context/services.ts';
import { readPlatform } from '../../../../src/framework/platform.ts';
import { runHooks } from '../../../../src/framework/plugin/hooks.ts';
import { Plugin } from '../../../../src/framework/plugin/plugin.ts';

test.each<[string, unknown, string]>([
  ['an error', new Error('boom'), 'boom'],
  ['text', 'boom', 'boom'],
  ['what has no text', Object.create(null), 'a value that can not be shown'],
])('post hooks see %s that a function threw, and its caller gets it', async (_, thrown, message) => {
  const seen: unknown[] = [];
  class Watching extends Plugin {
    override async execPostHook(ctx: OpenFunctionInvocation): Promise<void> {
      seen.push(ctx.error?.message);
    }
  }
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const plugins = new Map([['watching', { plugin: new Watching('watching'), renew: undefined }]]);
  const around = runHooks(plugins, { pre: [], post: ['watching'] }, log);
  const ctx = new (bindRuntime(makeServicesOf(undefined, readPlatform({}), log)('fn')))();
  const failing = (): never => {
    throw thrown;
  };
  await expect(around(ctx, failing)).rejects.toBe(thrown);
  expect(seen).toEqual([message]);
});
