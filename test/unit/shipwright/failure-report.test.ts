import { expect, test } from 'vitest';
import { FailureReader } from '../../../src/shipwright/failure-report.ts';

const reportOf = (text: string, signal?: string) => {
  const reader = new FailureReader();
  for (const line of text.split('\n')) reader.read(line);
  return reader.report(signal);
};

test('phases in which buildpacks fail are known', () => {
  const phasesOf = (...phases: readonly string[]) => {
    const reader = new FailureReader();
    for (const phase of phases) reader.read(`===> ${phase}`);
    return reader.isOfBuildpacks;
  };
  expect(phasesOf()).toBe(false);
  expect(phasesOf('ANALYZING')).toBe(false);
  expect(phasesOf('ANALYZING', 'DETECTING')).toBe(true);
  expect(phasesOf('ANALYZING', 'DETECTING', 'RESTORING')).toBe(false);
  expect(phasesOf('ANALYZING', 'DETECTING', 'RESTORING', 'BUILDING')).toBe(true);
  expect(phasesOf('ANALYZING', 'DETECTING', 'RESTORING', 'BUILDING', 'EXPORTING')).toBe(false);
});

test.each(['ANALYZING', 'DETECTING', 'RESTORING', 'BUILDING', 'EXPORTING'])(
  'a failure of the lifecycle in %s',
  (phase) => {
    expect(reportOf(`===> ${phase}\nERROR: something is wrong`)).toMatchSnapshot();
  },
);

test('a lifecycle that says nothing, and one that was killed', () => {
  expect(reportOf('')).toMatchInlineSnapshot(`
    {
      "message": "Couldn't build the image: the lifecycle failed while it was starting: it did not say why.

    The log of the step "build" says why.",
      "reason": "OFN-LIFECYCLE",
    }
  `);
  expect(reportOf('===> BUILDING', 'SIGKILL')).toMatchInlineSnapshot(`
    {
      "message": "Couldn't build the image: the lifecycle was killed while it was building.

    Most likely the memory was too little: give the step "build" more in spec.strategy.stepResources.",
      "reason": "OFN-LIFECYCLE",
    }
  `);
});

test('what the lifecycle says of a registry is in the message', () => {
  expect(reportOf('===> EXPORTING\nERROR: denied: push access').message).toContain('denied: push access');
});
