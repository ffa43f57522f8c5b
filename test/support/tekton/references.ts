/** What references of a task stand for: `params.NAME`, `results.NAME.path` and the like, to a text or several. */
export type Values = ReadonlyMap<string, string | readonly string[]>;

const REFERENCE = /\$\(((?:inputs\.)?params[.[]|results\.|workspaces\.|build\.)([^)]*)\)/g;
const SEVERAL = /^\$\(params\.([^)]+)\[\*\]\)$/;

/**
 * Puts values in the places of `$(params.NAME)`, `$(params["NAME"])` and the like, as texts, whatever is around them:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/reconciler/taskrun/resources/apply.go
 */
export function substitute(text: string, values: Values): string {
  return text.replaceAll(REFERENCE, (reference, kind: string, rest: string) => {
    const key = kind.endsWith('[')
      ? `params.${rest.replaceAll(/^["']|["']\]$/g, '')}`
      : kind.replace('inputs.', '') + rest;
    const value = values.get(key);
    if (typeof value === 'string') return value;
    throw new Error(`Nothing stands behind ${reference}.`);
  });
}

/**
 * The same for words of a command; a word that is `$(params.NAME[*])` becomes as many words as the parameter has:
 * https://github.com/tektoncd/pipeline/blob/v1.15.0/pkg/substitution/substitution.go
 */
export function substituteWords(words: readonly string[], values: Values): readonly string[] {
  return words.flatMap((word) => {
    const name = SEVERAL.exec(word)?.[1];
    if (name === undefined) return [substitute(word, values)];
    const several = values.get(`params.${name}`);
    if (several === undefined || typeof several === 'string') throw new Error(`Nothing stands behind ${word}.`);
    return several;
  });
}

/**
 * What kubelet makes of a word of a command, and of a variable's value: `$(NAME)` is a variable's value, as far as there
 * is one, and `$$` a dollar.
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/third_party/forked/golang/expansion/expand.go
 */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (match, name?: string) =>
    name === undefined ? '$' : (env[name] ?? match),
  );
}
