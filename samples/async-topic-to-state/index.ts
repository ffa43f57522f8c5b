// Keeps the balances of accounts in a state store: one topic opens accounts, another one moves money between them.
// A transfer is noted in the same transaction, so that one that is delivered twice counts once.
import type { OpenFunction } from '@openfunction/functions-framework';

interface Booking {
  id: string;
  from: string;
  to: string;
  amount: number;
}

interface Account {
  key: string;
  data: number;
  etag: string;
}

export const book: OpenFunction<Booking> = async (ctx, { id, from, to, amount }) => {
  if (ctx.inputName === 'openings') return ctx.state.save({ items: [{ key: to, value: amount }] });
  if (await ctx.state.get({ key: id })) return;
  const accounts = (await ctx.state.getBulk({ keys: [from, to] })) as Account[];
  const changes = accounts.map(({ key, data, etag }) => {
    const value = key === to ? data + amount : data - amount;
    // Fails when somebody else has changed the account since, and the message is delivered again.
    return { operation: 'upsert', request: { key, value, etag, options: { concurrency: 'first-write' } } };
  });
  const note = { operation: 'upsert', request: { key: id, value: 'done' } };
  await ctx.state.transaction({ operations: [...changes, note] });
};
