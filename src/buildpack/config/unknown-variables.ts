import { closest } from '../../base/closest.ts';

/** Variables of OpenFunction that are for other languages, and that say nothing to this buildpack. */
const OF_OTHERS = ['FUNC_BUILDABLE', 'FUNC_BUILD_ARGS', 'FUNC_DEVMODE', 'FUNC_GOPROXY'];

/** Names that are most likely misspelt, each with the one that is meant. */
export function describeMisspelt(names: readonly string[], known: readonly string[]): readonly string[] {
  const all = [...known, ...OF_OTHERS];
  return names.flatMap((name) => {
    if (!/^(?:FUNC_(?!LABEL_)|FUNCTION_|BP_)/.test(name) || all.includes(name)) return [];
    const meant = closest(name, all);
    return meant === undefined ? [] : [`${name} says nothing to this buildpack: did you mean ${meant}?`];
  });
}
