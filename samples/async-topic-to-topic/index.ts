// Makes an invoice of each order and publishes it. What fails is tried again, four times by components/resiliency.yaml;
// what failed to the end, and what can never succeed, goes to the dead letter topic.
import type { OpenFunction } from '@openfunction/functions-framework';

interface Order {
  id: string;
  prices: number[];
  currency: string;
}

const euros: Record<string, number> = { EUR: 1, USD: 0.86 };

export const invoice: OpenFunction<Order> = async (ctx, { id, prices, currency }) => {
  if (!Array.isArray(prices)) return ctx.fail(`Order ${id} has no prices.`, { retry: false });
  const rate = euros[currency];
  if (rate === undefined) throw new Error(`No rate for ${currency} yet.`);
  await ctx.Send('invoices', { order: id, euros: prices.reduce((sum, price) => sum + price, 0) * rate });
};
