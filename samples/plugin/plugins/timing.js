import { Plugin } from '@openfunction/functions-framework';

export class Timing extends Plugin {
  constructor() {
    super('timing', 'v1');
  }

  async execPreHook(ctx) {
    ctx.locals.begun = performance.now();
  }

  async execPostHook(ctx) {
    const took = performance.now() - ctx.locals.begun;
    if (ctx.res?.headersSent === false) ctx.res.set('server-timing', `function;dur=${took.toFixed(1)}`);
  }
}
