import { FnError } from '../../base/error.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';

/** Labels of an image, name to value. */
export type Labels = Readonly<Record<string, string>>;

/** The key of `openfunction` whose table has labels by their full names. */
export const LABELS_KEY = 'labels';

const PREFIX = 'FUNC_LABEL_';

/** Labels that the lifecycle and this buildpack write. */
const OURS = /^io\.(?:buildpacks|openfunction)\./;

/** Decodes the table of labels of a file; OFN-CONFIG where it is none. */
export function decodeLabels(value: unknown, file: string): Labels {
  if (!isTable(value)) throw invalid(`"${LABELS_KEY}" in ${file}`, 'it is not a table');
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      const source = `the label "${name}" in ${file}`;
      if (typeof text !== 'string') throw invalid(source, 'it is not a text');
      if (name === '' || /[\s\p{Cc}=]/u.test(name)) throw invalid(source, 'its name has a blank or "="');
      if (OURS.test(name)) throw invalid(source, 'the build writes labels of that name itself');
      return [name, text];
    }),
  );
}

/**
 * The labels of FUNC_LABEL_*: FUNC_LABEL_OWNER_TEAM is `google.owner-team`, as OpenFunction's builder names it, and
 * `io.openfunction.label.owner-team`.
 */
export function readLabels(env: Environment): Labels {
  const given = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(
    given.flatMap(([name, value = '']) => {
      const key = name.slice(PREFIX.length);
      if (!/^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/.test(key))
        throw invalid(name, 'its name is not made of words of letters and digits, with one "_" between them');
      const label = key.toLowerCase().replaceAll('_', '-');
      return ['google', 'io.openfunction.label'].map((prefix) => [`${prefix}.${label}`, value]);
    }),
  );
}

function invalid(source: string, fault: string): FnError {
  return new FnError(`Couldn't use ${source}: ${fault}.`, {
    code: 'OFN-CONFIG',
    hint: `Write ${PREFIX}OWNER_TEAM=payments, or under [openfunction.${LABELS_KEY}] in func.toml "com.example.team" = "payments".`,
  });
}
