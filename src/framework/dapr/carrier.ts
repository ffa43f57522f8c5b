/** Gives what travels along with a request or a message by its name in lower case, such as the context of a trace. */
export type Carrier = (name: string) => string | undefined;

/** Headers, metadata or attributes. */
type Values = Readonly<Record<string, unknown>>;

/** What a sidecar sends that does not trace: https://www.w3.org/TR/trace-context/#trace-id */
const NO_TRACE = /^[0-9a-f]{2}-0{32}-/;

/** Looks in one place after the other. */
export function carrierOf(...places: readonly (Values | undefined)[]): Carrier {
  return (name) => {
    for (const place of places) {
      const value = place?.[name];
      if (typeof value === 'string' && value !== '' && !NO_TRACE.test(value)) return value;
    }
    return undefined;
  };
}
