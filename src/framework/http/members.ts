/** Defines members of an object literal, getters and methods, on a prototype. */
export function defineMembers(prototype: object, members: object): void {
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(members));
}

/**
 * Defines a member that is computed when it is first read and is a plain property of the object from then on.
 * It can be assigned like any other.
 */
export function defineLazy<T extends object, K extends keyof T & string>(
  prototype: T,
  name: K,
  compute: (self: T) => T[K],
): void {
  const settle = (self: T, value: T[K]): T[K] => {
    Object.defineProperty(self, name, { value, writable: true, enumerable: true, configurable: true });
    return value;
  };
  Object.defineProperty(prototype, name, {
    configurable: true,
    get(this: T) {
      return settle(this, compute(this));
    },
    set(this: T, value: T[K]) {
      settle(this, value);
    },
  });
}
