import type { Environment } from '../../base/setting.ts';

/**
 * The environment of programs that are run once where nothing of theirs stays. Package managers and compilers have
 * Node.js keep their compiled code in a temporary folder for later runs, which takes a tenth of an install:
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export const ONE_RUN: Environment = { NODE_DISABLE_COMPILE_CACHE: '1' };
