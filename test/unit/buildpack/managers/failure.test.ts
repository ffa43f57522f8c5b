import { expect, test } from 'vitest';
import { explainFailure } from '../../../../src/buildpack/managers/failure.ts';

test('what npm says of its own code and of its log is left out', () => {
  const output = `npm error code ECONNREFUSED
npm error FetchError: request to https://r.example/a failed, reason: connect ECONNREFUSED
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/node_modules/minipass-fetch/lib/index.js:130:14)
npm error A complete log of this run can be found in: /home/cnb/.npm/_logs/2026-01-01T00_00_00_000Z-debug-0.log
`;
  const { code, message } = explainFailure(output, { program: 'npm', rows: [], scripts: {} });
  expect(code).toBe('OFN-DEPS-NETWORK');
  expect(message).toBe(`Couldn't install dependencies: the registry could not be reached.

npm error code ECONNREFUSED
npm error FetchError: request to https://r.example/a failed, reason: connect ECONNREFUSED`);
});
