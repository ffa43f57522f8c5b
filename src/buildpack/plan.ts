import type { Sources } from './config/sources.ts';
import { decisionOf, type Decision } from './decision.ts';
import { BUILD_SETTINGS } from './settings.ts';

/** The label of an image that holds its plan. */
export const PLAN_LABEL = 'io.openfunction.plan';

/**
 * What a build decided, as JSON: every setting, those of the steps in place of settings of the same subject, and the
 * steps' others. The bytes depend on the project, its settings and the builder alone, never on caches or the day, for
 * they are in the image.
 */
export function encodePlan(sources: Sources, steps: readonly Decision[]): string {
  const decided = new Map<string, Decision>();
  for (const setting of BUILD_SETTINGS) {
    const resolved = sources.read(setting);
    decided.set(setting.subject, decisionOf(setting, resolved, wordsOf(resolved.value)));
  }
  for (const step of steps) decided.set(step.subject, step);
  const decisions = [...decided.values()].map(({ subject, value, source, change, open }) => ({
    subject,
    value: withoutPassword(value),
    source,
    change,
    open,
  }));
  return JSON.stringify({ version: 1, decisions });
}

function wordsOf(value: unknown): string {
  if (value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(wordsOf).join(', ');
  return value instanceof URL ? value.href : JSON.stringify(value).replaceAll(/^"|"$/g, '');
}

/** An address may be a setting's value; who may read its image may not have its password. */
function withoutPassword(value: string): string {
  return value.replaceAll(/(?<=:\/\/)[^/@\s]+@/g, '').replaceAll(/(?<=:\/\/[^\s?]*)\?\S+/g, '?...');
}
