import { moduleAt } from '../../base/module-entry.ts';
import { pluginModules } from '../../base/plugin-modules.ts';
import { APISIX } from '../config/function.ts';

/** The modules that are loaded from a path: that of a function, or those of a folder of plugins; none where there is none. */
export async function entryModules(source: string, signatureType: string): Promise<readonly string[]> {
  if (signatureType === APISIX) return (await pluginModules(source)) ?? [];
  const found = moduleAt(source);
  return found === undefined ? [] : [found];
}
