// The floor: node:http, with nothing but what the answer needs.
const http = require('node:http');
const send = (res, type, text) => {
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
};
const withBody = (req, use) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk)).on('end', () => use(JSON.parse(Buffer.concat(chunks).toString())));
};
const JSON_TYPE = 'application/json; charset=utf-8';
const functions = {
  hello: (req, res) => send(res, 'text/html; charset=utf-8', 'Hello, World!\n'),
  echo: (req, res) => withBody(req, (body) => send(res, JSON_TYPE, JSON.stringify(body))),
  event: (req, res) =>
    withBody(req, (body) =>
      send(res, JSON_TYPE, JSON.stringify({ id: req.headers['ce-id'], size: body.items.length })),
    ),
};
http.createServer(functions[process.env.TARGET]).listen(Number(process.env.PORT), '127.0.0.1');
