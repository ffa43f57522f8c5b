import { typed } from '@openfunction/functions-framework';

interface Order {
  prices: number[];
}

typed('total', (order: Order): { total: number } => ({ total: order.prices.reduce((sum, price) => sum + price, 0) }));
