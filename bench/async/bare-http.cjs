// The floor of callbacks over HTTP: node:http, with nothing but what the answers need.
const http = require('node:http');
const { count } = require('./function.cjs');
const JSON_TYPE = 'application/json';
const SUCCESS = '{"status":"SUCCESS"}';
const SUBSCRIPTIONS = JSON.stringify([{ pubsubname: 'events', topic: 'orders', route: '/events--orders--default' }]);
const send = (res, text) => {
  res.writeHead(200, { 'content-type': JSON_TYPE, 'content-length': String(Buffer.byteLength(text)) });
  res.end(text);
};
const withBody = (req, use) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk)).on('end', () => use(JSON.parse(Buffer.concat(chunks).toString())));
};
const routes = {
  '/dapr/subscribe': (req, res) => send(res, SUBSCRIPTIONS),
  '/events--orders--default': (req, res) =>
    withBody(req, (event) => {
      count(undefined, event.data);
      send(res, SUCCESS);
    }),
  '/queue': (req, res) =>
    withBody(req, (data) => {
      count(undefined, data);
      res.writeHead(200, { 'content-length': '0' });
      res.end();
    }),
};
http.createServer((req, res) => routes[req.url](req, res)).listen(Number(process.env.PORT), '127.0.0.1');
