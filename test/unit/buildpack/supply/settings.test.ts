import { expect, test } from 'vitest';
import { AUDIT_SETTINGS } from '../../../../src/buildpack/supply/settings.ts';
import { failureOf } from '../../../support/failure.ts';

test.each([
  ['7', 7],
  ['0', 0],
])('%s days are %i', (raw, days) => {
  expect(AUDIT_SETTINGS.minimumAge.parse(raw, 'BP_MINIMUM_RELEASE_AGE')).toBe(days);
});

test.each(['a week', '-1', '1.5', '7d'])('"%s" is no number of days', async (raw) => {
  const failure = await failureOf(async () => AUDIT_SETTINGS.minimumAge.parse(raw, 'BP_MINIMUM_RELEASE_AGE'));
  expect(failure).toContain('Set BP_MINIMUM_RELEASE_AGE to a number of days, for example 7.');
});
