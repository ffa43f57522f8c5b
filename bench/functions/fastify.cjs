// The same for Fastify.
const app = require('fastify')();
app.get('/', (request, reply) => reply.type('text/html; charset=utf-8').send('Hello, World!\n'));
app.post('/', async (request) =>
  process.env.TARGET === 'echo' ? request.body : { id: request.headers['ce-id'], size: request.body.items.length },
);
app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
