import { expect, test } from 'vitest';
import type { SignatureType } from '../../../src/framework/signature/types.ts';
import type { Request, Response } from '../../../src/framework/http/types.ts';
import { serve } from '../../support/function-server.ts';

interface Gate {
  /** Waits until all calls are inside. */
  readonly enter: (id: string) => Promise<void>;
  readonly order: string[];
}

function makeGate(size: number): Gate {
  const all = Promise.withResolvers<void>();
  const order: string[] = [];
  return {
    order,
    async enter(id) {
      order.push(id);
      if (order.length === size) all.resolve();
      await all.promise;
    },
  };
}

const idOf = (data: unknown): string =>
  typeof data === 'object' && data !== null && 'id' in data ? String(data.id) : '';
const fail = (id: string): void => {
  if (id.startsWith('bad')) throw new Error(`failed ${id}`);
};

/** The same function in every signature: waits for the others, then answers with its own id or fails. */
const functions: Record<SignatureType, (gate: Gate) => unknown> = {
  http: (gate) => async (req: Request, res: Response) => {
    await gate.enter(idOf(req.body));
    fail(idOf(req.body));
    res.locals['id'] ??= idOf(req.body);
    res.send(res.locals['id']);
  },
  event: (gate) => async (data: unknown) => {
    await gate.enter(idOf(data));
    fail(idOf(data));
    return idOf(data);
  },
  cloudevent: (gate) => async (event: { data: unknown }) => {
    await gate.enter(idOf(event.data));
    fail(idOf(event.data));
    return idOf(event.data);
  },
  typed: (gate) => async (value: unknown) => {
    await gate.enter(idOf(value));
    fail(idOf(value));
    return idOf(value);
  },
  openfunction: (gate) => async (ctx: { req: Request; locals: Record<string, unknown> }, data: unknown) => {
    ctx.locals['id'] = idOf(data);
    await gate.enter(idOf(data));
    fail(idOf(data));
    return idOf(ctx.req.body) === ctx.locals['id'] ? idOf(data) : 'mixed up';
  },
};

const CE = { 'ce-id': '1', 'ce-source': 's', 'ce-type': 't', 'ce-specversion': '1.0' };

test.each(Object.entries(functions))(
  '%s: overlapping calls never meet, a failing one harms none',
  async (type, make) => {
    const ids = ['a', 'bad-b', 'c', 'd', 'bad-e', 'f'];
    const gate = makeGate(ids.length);
    const { call } = await serve(make(gate), type as SignatureType);
    const headers = { 'content-type': 'application/json', ...(type === 'event' || type === 'cloudevent' ? CE : {}) };
    const send = (id: string) => call({ method: 'POST', headers, body: JSON.stringify({ id }) });
    const answers = await Promise.all(ids.map(send));
    const expected = ids.map((id) => (id.startsWith('bad') ? [500, `failed ${id}`] : [200, id]));
    expect(answers.map(({ status, body }) => [status, body.replaceAll('"', '')])).toEqual(expected);
    expect(new Set(gate.order)).toEqual(new Set(ids));
  },
);
