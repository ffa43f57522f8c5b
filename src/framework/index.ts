import { register } from './registry.ts';
import type { HttpFunction } from './signature.ts';

export type { HttpFunction, SignatureType } from './signature.ts';

/**
 * Declares an HTTP function under a name, for FUNCTION_TARGET to choose.
 * The contract: https://github.com/GoogleCloudPlatform/functions-framework
 */
export function http(name: string, handler: HttpFunction): void {
  register(name, { signatureType: 'http', handler });
}
