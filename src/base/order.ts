/** Orders texts by their code units: the same whatever the language of the machine. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
