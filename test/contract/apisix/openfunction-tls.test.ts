import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, listen } from '../../support/apisix/openfunction.ts';
import { startRunner } from '../../support/apisix/runners.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A server with a certificate of its own, that tells the name it was asked for by, and the header Host. */
async function startTls(names: string): Promise<{ port: number; env: Record<string, string> }> {
  const folder = makeFolder();
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name)) as [string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${names}`];
  const openssl = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...openssl, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (req, res) => {
    res.end(`${String(Reflect.get(req.socket, 'servername'))} ${req.headers.host}`);
  });
  return { port: await listen(server), env: { NODE_EXTRA_CA_CERTS: cert } };
}

test('certificates are checked unless the route says otherwise', async () => {
  const { port, env } = await startTls('DNS:localhost');
  const uri = `https://localhost:${port}`;
  const runner = await startRunner();
  expect((await call(runner, { function_uri: uri })).status).toBe(503);
  expect(await runner.child.printed(/self.signed/)).toMatch(/self.signed/);
  expect((await call(runner, { function_uri: uri, ssl_verify: false })).body).toBe('localhost localhost');
  const trusting = await startRunner({ env });
  expect((await call(trusting, { function_uri: uri })).body).toBe('localhost localhost');
});

test('a certificate has to be that of the address, whatever the header Host says', async () => {
  const { port, env } = await startTls('DNS:localhost,IP:127.0.0.1');
  const runner = await startRunner({ env });
  const named = { function_uri: `https://localhost:${port}`, host_header: 'fn.example' };
  expect((await call(runner, named)).body).toBe('localhost fn.example');
  expect((await call(runner, { ...named, ssl_verify: false })).body).toBe('localhost fn.example');
  const numbered = { function_uri: `https://127.0.0.1:${port}`, host_header: 'fn.example' };
  expect((await call(runner, numbered)).body).toBe('false fn.example');
  const other = await startTls('DNS:fn.example');
  const trusting = await startRunner({ env: other.env });
  for (const host of ['localhost', '127.0.0.1']) {
    const conf = { function_uri: `https://${host}:${other.port}`, host_header: 'fn.example' };
    expect((await call(trusting, conf)).status).toBe(503);
    await trusting.child.printed(/altnames|not in the cert's list/);
  }
});
