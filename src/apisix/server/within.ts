/** Waits for something, but no longer than some milliseconds; whether it has ended by then. */
export async function isWithin(ending: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  const isDone = await Promise.race([ending.then(() => true), promise]);
  clearTimeout(timer);
  return isDone;
}
