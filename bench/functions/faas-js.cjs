// The same for faas-js-runtime.
const { start } = require('faas-js-runtime');
const functions = {
  hello: () => ({ body: 'Hello, World!\n', headers: { 'content-type': 'text/html; charset=utf-8' } }),
  echo: (context, body) => body,
  event: (context, event) => ({ id: event.id, size: event.data.items.length }),
};
start(functions[process.env.TARGET], { port: Number(process.env.PORT), logLevel: 'silent' });
