import { expect, test } from 'vitest';
import { readProjectToml } from '../../../../src/buildpack/config/project-toml.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const read = (text: string) => readProjectToml(makeFolder({ 'project.toml': text }));

test('no file says nothing', async () => {
  expect(await readProjectToml(makeFolder())).toEqual({ variables: [], exclude: [], include: [] });
});

test('schema 0.1 has [build]', async () => {
  const text =
    '[build]\nexclude = ["docs"]\n[[build.env]]\nname = "A"\nvalue = "1"\n[io.buildpacks]\ninclude = ["x"]\n';
  expect(await read(text)).toEqual({
    variables: [{ name: 'A', value: '1', execEnv: undefined }],
    exclude: ['docs'],
    include: [],
  });
});

test('later schemas have [io.buildpacks], and variables for one environment', async () => {
  const text = `[_]
schema-version = "0.3"
[io.buildpacks]
include = ["src"]
[[io.buildpacks.build.env]]
name = "A"
value = "1"
exec-env = ["test"]
`;
  expect(await read(text)).toEqual({
    variables: [{ name: 'A', value: '1', execEnv: ['test'] }],
    exclude: [],
    include: ['src'],
  });
});

const misnamed = (version: string) =>
  `[_]\nschema-version = "${version}"\n[[io.buildpacks.env.build]]\nname = "A"\nvalue = "1"\n`;

test('schema 0.2 also has the key that pack documented at first, where the right one is not there', async () => {
  const a = { name: 'A', value: '1', execEnv: undefined };
  expect((await read(misnamed('0.2'))).variables).toEqual([a]);
  const both = `${misnamed('0.2')}[[io.buildpacks.build.env]]\nname = "B"\nvalue = "2"\n`;
  expect((await read(both)).variables).toEqual([{ name: 'B', value: '2', execEnv: undefined }]);
});

test.each([
  ['the first key in schema 0.3', misnamed('0.3')],
  ['a later key without a schema', '[[io.buildpacks.build.env]]\nname = "A"\nvalue = "1"\n'],
  ['a broken file', '[build'],
  ['both lists of files', '[build]\ninclude = ["a"]\nexclude = ["b"]\n'],
  ['a variable without a value', '[[build.env]]\nname = "A"\n'],
  ['a variable that is a number', '[[build.env]]\nname = "A"\nvalue = 1\n'],
  ['variables as a table', '[build.env]\nA = "1"\n'],
  ['a pattern that is a number', '[build]\nexclude = [1]\n'],
  ['a build that is a text', 'build = "a"\n'],
])('%s is refused', async (_, text) => {
  const failure = await failureOf(() => read(text));
  expect(failure.replaceAll(/\/\S*\/project\.toml/g, '<app>/project.toml')).toMatchSnapshot();
});
