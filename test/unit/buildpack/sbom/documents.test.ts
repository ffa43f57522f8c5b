import fc from 'fast-check';
import { expect, test } from 'vitest';
import { billOf, purlOf, withoutCredentials, type Component } from '../../../../src/buildpack/sbom/bill.ts';
import { DOCUMENTS } from '../../../../src/buildpack/sbom/bills.ts';
import { nodeBill } from '../../../../src/buildpack/sbom/node-bill.ts';
import type { SbomFormat } from '../../../../src/libcnb/sbom.ts';
import { faultsOf } from '../../../support/sbom-schema.ts';

const FORMATS = Object.keys(DOCUMENTS) as SbomFormat[];
const component = (name: string, version: string, more: Partial<Component> = {}): Component => ({
  purl: purlOf(name, version),
  kind: 'library',
  name,
  version,
  scope: 'production',
  license: 'MIT',
  integrity: undefined,
  source: undefined,
  places: [],
  dependsOn: [],
  ...more,
});
const SUBJECT = {
  name: 'app',
  version: '1.0.0',
  license: 'SEE LICENSE IN LICENSE.txt',
  dependsOn: ['pkg:npm/b@1.0.0'],
};
const BILL = billOf(SUBJECT, [
  component('b', '1.0.0', { integrity: 'sha1-qUqP5cyxm6YcTAhz05Hph5gvu9M=', places: ['node_modules/b'] }),
  component('@a/c+d', '1.0.0-rc.1+x', {
    license: '(MIT OR Apache-2.0)',
    integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
    source: 'https://registry.example/@a/c.tgz',
    places: ['node_modules/z/node_modules/@a/c', 'node_modules/@a/c'],
    dependsOn: ['pkg:npm/b@1.0.0', 'pkg:npm/none@1.0.0'],
  }),
  component('e', '', { license: 'UNLICENSED', scope: 'development' }),
  component('b', '1.0.0', { places: ['node_modules/a/node_modules/b'], license: undefined }),
]);

test('of two licences of one package the same one is told in whatever order they were read', () => {
  const twice = [component('a', '1.0.0', { license: 'MIT' }), component('a', '1.0.0', { license: 'ISC' })];
  const licenses = [twice, twice.toReversed()].map((all) => billOf(SUBJECT, all).components[0]?.license);
  expect(licenses[0]).toBe(licenses[1]);
});

test('a component is in a bill once, in order, and depends on what is in it', () => {
  expect(BILL.components.map(({ purl }) => purl)).toEqual([
    'pkg:npm/%40a/c%2Bd@1.0.0-rc.1%2Bx',
    'pkg:npm/b@1.0.0',
    'pkg:npm/e',
  ]);
  expect(BILL.components[0]?.dependsOn).toEqual(['pkg:npm/b@1.0.0']);
  expect(BILL.components[1]).toMatchObject({
    license: 'MIT',
    places: ['node_modules/a/node_modules/b', 'node_modules/b'],
  });
});

test.each(FORMATS)('%s: as it is written', (format) => {
  const document = DOCUMENTS[format](BILL);
  expect(faultsOf(format, document)).toEqual([]);
  expect(document).toMatchSnapshot();
});

test.each(FORMATS)('%s: a layer with Node.js', (format) => {
  const document = DOCUMENTS[format](nodeBill('22.20.0', 'sha512-no'));
  expect(faultsOf(format, document)).toEqual([]);
  expect(JSON.stringify(document)).toContain('cpe:2.3:a:nodejs:node.js:22.20.0:*');
});

test('any bill is a document that the schemas allow, the same in whatever order it was read', () => {
  const names = fc.array(fc.stringMatching(/^(?:@[a-z]{1,4}\/)?[a-z._~-]{1,8}$/), { maxLength: 6 });
  const components = names.chain((all) =>
    fc.tuple(
      ...all.map((name) =>
        fc
          .record({
            version: fc.constantFrom('1.0.0', '2.0.0-beta.1+build', ''),
            license: fc.option(
              fc.oneof(fc.constantFrom('MIT', 'ISC OR MIT', 'LicenseRef-mine'), fc.string({ minLength: 1 })),
              { nil: undefined },
            ),
            integrity: fc.option(fc.constantFrom('sha1-qUqP5cyxm6YcTAhz05Hph5gvu9M=', 'sha512-no', 'md5-x'), {
              nil: undefined,
            }),
            scope: fc.constantFrom('production' as const, 'development' as const),
          })
          .map(({ version, ...more }) =>
            component(name, version, { ...more, dependsOn: all.map((other) => purlOf(other, version)) }),
          ),
      ),
    ),
  );
  fc.assert(
    fc.property(components, (all) => {
      const bill = billOf(SUBJECT, all);
      const other = billOf(SUBJECT, all.toReversed());
      for (const format of FORMATS) {
        const document = DOCUMENTS[format](bill);
        expect(faultsOf(format, document)).toEqual([]);
        expect(JSON.stringify(DOCUMENTS[format](other))).toBe(JSON.stringify(document));
      }
    }),
    { numRuns: 50 },
  );
});

test('credentials are in no address', () => {
  expect(withoutCredentials('https://me:secret@registry.example/a.tgz?token=secret#sha')).toBe(
    'https://registry.example/a.tgz#sha',
  );
  expect(withoutCredentials('git+ssh://git@github.com/a/b.git#abc')).toBe('git+ssh://github.com/a/b.git#abc');
  expect(withoutCredentials(undefined)).toBeUndefined();
});
