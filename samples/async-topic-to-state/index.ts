// Keeps baskets in a state store: one topic fills them, another one makes orders of them.
// The basket goes in the same transaction, so that a checkout that is delivered twice makes one order.
import type { OpenFunction } from '@openfunction/functions-framework';

interface Message {
  customer: string;
  items?: string[];
  order?: string;
}

export const checkout: OpenFunction<Message> = async (ctx, { customer, items, order }) => {
  const basket = `basket-${customer}`;
  if (ctx.inputName === 'baskets') return ctx.state.save({ items: [{ key: basket, value: items }] });
  const ordered = await ctx.state.get({ key: basket });
  if (ordered === '') return;
  const operations = [
    { operation: 'upsert', request: { key: `order-${order}`, value: { customer, items: ordered } } },
    { operation: 'delete', request: { key: basket } },
  ];
  await ctx.state.transaction({ operations });
};
