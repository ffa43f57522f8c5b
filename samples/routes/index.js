import { http, typed } from '@openfunction/functions-framework';

const orders = new Map([['1', { id: '1', item: 'tea' }]]);

http('show', (req, res) => res.json(orders.get(req.params.id) ?? null), { path: '/orders/:id', methods: ['GET'] });

typed('price', ({ items }) => ({ price: items.length * 2 }), { path: '/price' });

// Without a path of its own a function is found under its name: /health.
http('health', (req, res) => res.sendStatus(200));
