import { satisfies } from 'semver';

/** Node.js that can take a share of the container's memory for its heap, without a process that computes it. */
const WITH_SHARE = '^22.21.0 || >=24.6.0';
/** Before, V8 takes compiled code only where the size of the heap is the one of the build. */
const COMPILED_CODE_WITH_SHARE = '>=24';

/** Options for launches of a Node.js whose heap gets `share` per cent of the memory; undefined when it has none to give. */
export function heapOptions(node: string, share: number): string | undefined {
  if (share === 0 || !satisfies(node, WITH_SHARE)) return undefined;
  return `--max-old-space-size-percentage=${share}`;
}

/** Whether compiled code is of use to such launches. */
export function takesCompiledCode(node: string, options: string | undefined): boolean {
  return options === undefined || satisfies(node, COMPILED_CODE_WITH_SHARE);
}
