import { expect, test } from 'vitest';
import { withoutServiceLinks } from '../../../src/shipwright/service-links.ts';

const linksOf = (name: string, host: string, port: number, url = `tcp://${host}:${port}`) => [
  `${name}_SERVICE_HOST=${host}`,
  `${name}_SERVICE_PORT=${port}`,
  `${name}_SERVICE_PORT_HTTPS=${port}`,
  `${name}_PORT=${url}`,
  `${name}_PORT_${port}_TCP=${url}`,
  `${name}_PORT_${port}_TCP_PROTO=tcp`,
  `${name}_PORT_${port}_TCP_PORT=${port}`,
  `${name}_PORT_${port}_TCP_ADDR=${host}`,
];

test('links to services are left out', () => {
  const links = [...linksOf('KUBERNETES', '10.96.0.1', 443), ...linksOf('MY_DB', '10.96.3.7', 5432)];
  expect(withoutServiceLinks(['A=1', ...links, 'B=2'])).toEqual(['A=1', 'B=2']);
  expect(withoutServiceLinks(linksOf('SIX', 'fd00::7', 80, 'tcp://[fd00::7]:80'))).toEqual([]);
});

test('a second port of a service has links too', () => {
  const dns = ['DNS_PORT_53_UDP=udp://10.96.0.10:53', 'DNS_PORT_53_UDP_PROTO=udp', 'DNS_SERVICE_PORT_UDP=53'];
  expect(withoutServiceLinks([...linksOf('DNS', '10.96.0.10', 9153), ...dns])).toEqual([]);
});

test('variables of a build that only look like them stay', () => {
  const own = ['DB_SERVICE_HOST=db.example.com', 'DB_SERVICE_PORT=5432', 'DB_PORT=tcp://db.example.com:5432'];
  expect(withoutServiceLinks(own)).toEqual(own);
  const other = 'MY_DB_SERVICE_HOST=db.example.com';
  const links = linksOf('MY_DB', '10.96.3.7', 5432).filter((link) => !link.startsWith('MY_DB_SERVICE_HOST='));
  expect(withoutServiceLinks([other, ...links])).toEqual([other]);
});
