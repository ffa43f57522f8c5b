import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const FOLDER = join(import.meta.dirname, '..');

/** Files that take a minute or more, the longest first: begun last, one of them runs while the other worker has nothing to do. */
export const LONGEST: readonly string[] = [
  'image/manager-shapes.test.ts',
  'image/function-shapes.test.ts',
  'image/rebuild.test.ts',
  'image/stack.test.ts',
  'image/strategies.test.ts',
  'image/rebase.test.ts',
  'contract/buildpack/same-image.test.ts',
  'contract/buildpack/rebuild.test.ts',
  'contract/buildpack/memory.test.ts',
  'contract/buildpack/bindings.test.ts',
  'contract/buildpack/typescript.test.ts',
  'contract/buildpack/install-scripts.test.ts',
  'contract/buildpack/unchanged.test.ts',
  'contract/buildpack/sbom.test.ts',
  'contract/buildpack/cache.test.ts',
  'contract/buildpack/manager-failures.test.ts',
  'contract/buildpack/native.test.ts',
];

/** Begins with the files that take longest; a clean clone has no earlier run to tell them by. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return inOrder(await super.sort(files));
  }
}

/** The files of LONGEST in their order, then all others as they come. */
export function inOrder<File extends Pick<TestSpecification, 'moduleId'>>(files: readonly File[]): File[] {
  const rank = ({ moduleId }: File): number => {
    const index = LONGEST.indexOf(moduleId.slice(FOLDER.length + 1));
    return index === -1 ? LONGEST.length : index;
  };
  return files.toSorted((a, b) => rank(a) - rank(b));
}
