const greetings = new Map([
  ['de', 'Hallo'],
  ['en', 'Hello'],
  ['fr', 'Bonjour'],
]);

export const hello = (req, res) => {
  const query = new URL(req.url, 'http://localhost').searchParams;
  const greeting = greetings.get(query.get('lang')) ?? greetings.get('en');
  res.setHeader('content-type', 'text/plain; charset=utf-8');
  res.end(`${greeting}, ${query.get('name') ?? 'World'}!\n`);
};
