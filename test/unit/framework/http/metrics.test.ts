import { expect, test } from 'vitest';
import type { Request, Response } from '../../../../src/framework/http/types.ts';
import { serve } from '../../../support/function-server.ts';

const handler = (req: Request, res: Response) => {
  if (req.path === '/bad') throw new Error('boom');
  res.send('fine');
};

test('no path is taken unless asked for', async () => {
  const { call } = await serve(handler);
  expect((await call('/metrics')).body).toBe('fine');
});

test('requests are counted and timed in the format of Prometheus', async () => {
  const { call } = await serve(handler, 'http', { env: { METRICS_URL: '/metrics' } });
  await Promise.all([call('/'), call('/'), call({ method: 'POST' }), call('/bad')]);
  const { headers, body } = await call('/metrics?x');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = body.split('\n');
  expect(lines).toContain('# TYPE http_server_requests_total counter');
  expect(lines).toContain('http_server_requests_total{method="GET",status="200"} 2');
  expect(lines).toContain('http_server_requests_total{method="POST",status="200"} 1');
  expect(lines).toContain('http_server_requests_total{method="GET",status="500"} 1');
  expect(lines).toContain('http_server_active_requests 0');
  expect(lines).toContain('http_server_request_duration_seconds_bucket{le="+Inf"} 4');
  expect(lines).toContain('http_server_request_duration_seconds_count 4');
  expect(lines).toContain('process_resident_memory_bytes 5');
  expect(body.endsWith('\n')).toBe(true);
});
