'use strict';

exports.hello = (req, res) => {
  const name = new URL(req.url, 'http://localhost').searchParams.get('name') ?? 'World';
  res.setHeader('content-type', 'text/plain; charset=utf-8');
  res.end(`Hello, ${name}!\n`);
};
