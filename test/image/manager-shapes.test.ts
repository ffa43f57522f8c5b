import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { layersOf, removeVolumes } from '../support/image.ts';
import { MANAGER_SHAPES } from '../support/manager-shapes.ts';
import { idOf } from '../support/run-image.ts';
import { ANSWER } from '../support/shape.ts';
import { answerOf, appOf, buildShape } from '../support/shape-image.ts';

const IMAGE = 'ofn-test-manager';

/** One of each kind is built without a daemon too: what differs between the two is not what the buildpack does. */
const BUILT_TWICE = new Set([
  'npm and the framework in the lock file',
  'pnpm workspace',
  'Yarn 4 with PnP',
  'bun with a build script',
]);

test.each(Object.entries(MANAGER_SHAPES))(
  '%s: the function is built and answers as any user on a read-only root',
  async (name, shape) => {
    // The last to go, after what runs: the rebuilt image takes its name away.
    const earlier: string[] = [];
    onTestFinished(async () => void (await execa('docker', ['rmi', '--force', ...earlier], { reject: false })));
    expect(await answerOf('docker', shape, IMAGE)).toBe(ANSWER);

    // Nothing but what its scripts make has come to the app, and what it had is as it was.
    const app = await appOf(IMAGE);
    expect(Object.keys(app).filter((path) => shape.files[path] === undefined)).toEqual(shape.made ?? []);
    // It may hold a token, and stays out of the image.
    const stays = Object.entries(shape.files).filter(([path]) => path !== '.yarnrc.yml');
    expect(app).toEqual(expect.objectContaining(Object.fromEntries(stays)));

    const layers = await layersOf('docker', IMAGE);
    earlier.push(await idOf(IMAGE));
    // As where no volume is kept between builds.
    await removeVolumes(IMAGE);
    expect(await buildShape('docker', shape, IMAGE)).toContain('Dependencies: reused');
    expect(await layersOf('docker', IMAGE)).toEqual(layers);

    if (!BUILT_TWICE.has(name)) return;
    expect(await answerOf('none', shape, IMAGE)).toBe(ANSWER);
    expect(await layersOf('none', IMAGE)).toEqual(layers);
  },
);
