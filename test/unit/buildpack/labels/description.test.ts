import { expect, test } from 'vitest';
import { createSources } from '../../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../../src/buildpack/config/variables.ts';
import { describingDecisions, OF_APPLICATION } from '../../../../src/buildpack/labels/description.ts';

test('also of a label that nobody has set it is told what would set it', () => {
  const sources = createSources(collectVariables({ BP_OCI_VENDOR: 'Acme' }), []);
  const decisions = describingDecisions({ sources, packageJson: undefined, otherwise: OF_APPLICATION });
  expect(decisions.map(({ subject, value, change }) => [subject.replace(/.*\./, ''), value, change])).toEqual([
    ['title', 'application', 'BP_OCI_TITLE, "name" in package.json'],
    ['description', 'A Node.js application', 'BP_OCI_DESCRIPTION, "description" in package.json'],
    ['version', 'none', 'BP_OCI_VERSION, "version" in package.json'],
    ['licenses', 'none', 'BP_OCI_LICENSES, "license" in package.json'],
    ['authors', 'none', 'BP_OCI_AUTHORS, "author" in package.json'],
    ['url', 'none', 'BP_OCI_URL, "homepage" in package.json'],
    ['source', 'none', 'BP_OCI_SOURCE, "repository" in package.json'],
    ['vendor', 'Acme', 'BP_OCI_VENDOR'],
  ]);
});
