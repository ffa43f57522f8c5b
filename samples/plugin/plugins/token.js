import { HookAbort } from '@openfunction/functions-framework';

// Without a class: a name and a hook are enough.
export const token = {
  name: 'token',
  execPreHook(ctx) {
    const expected = `Bearer ${process.env.TOKEN ?? 'open-sesame'}`;
    if (ctx.req.get('authorization') !== expected) throw new HookAbort(401, { error: 'a token is needed' });
  },
};
