import type { HttpFunction } from '@openfunction/functions-framework';

interface Greeting {
  readonly message: string;
  readonly at: string;
}

const greet = (name: string): Greeting => ({ message: `Hello, ${name}!`, at: new Date().toISOString() });

export const hello: HttpFunction = (req, res) => {
  const name = new URL(req.url ?? '/', 'http://localhost').searchParams.get('name') ?? 'World';
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(greet(name)));
};
