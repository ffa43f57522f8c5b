import type { Platform } from '../framework/platform.ts';
import type { Attributes } from './instrument.ts';

/** What is traced. */
export interface Subject extends Pick<Platform, 'podName' | 'podNamespace'> {
  /** The name of the function, or of the first of several. */
  readonly name: string;
  /** Of the framework. */
  readonly version: string;
  /** The function's module. */
  readonly modulePath: string;
  readonly processId: number;
  readonly nodeVersion: string;
}

/** What OpenFunction says of all spans of functions. */
export function commonAttributes(
  { podName, podNamespace }: Subject,
  tags: Readonly<Record<string, string>>,
): Attributes {
  return { instance: podName || undefined, namespace: podNamespace || undefined, ...tags };
}
