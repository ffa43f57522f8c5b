/** For `glob` as `exclude`: whether a folder of this name has what is not the app's own, installed packages or history. */
export function isNotOfApp(name: string): boolean {
  return name === 'node_modules' || name === '.git';
}
