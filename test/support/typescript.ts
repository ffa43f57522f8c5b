import { json } from './shape.ts';

/** The devDependencies of a project that is compiled. */
export const COMPILER = { typescript: '7.0.2', '@types/node': '22.20.1' };

/** A strict tsconfig.json for Node.js with these options, and what stands beside them. */
export function tsconfigOf(options: object = {}, more: object = {}): string {
  return json({
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      ...options,
    },
    ...more,
  });
}
