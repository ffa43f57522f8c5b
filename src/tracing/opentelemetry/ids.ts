import { loadCrypto } from '../../framework/builtin.ts';

/** Makes the ids of traces and spans: https://www.w3.org/TR/trace-context/#considerations-for-trace-id-field-generation */
export interface Ids {
  readonly traceId: () => string;
  readonly spanId: () => string;
}

/** Random bytes that are fetched at once: that costs as much for one id as for a thousand. */
const POOL_SIZE = 8192;

/** Makes it. */
export function makeIds(): Ids {
  const { randomFillSync } = loadCrypto();
  const pool = Buffer.allocUnsafe(POOL_SIZE);
  let used = POOL_SIZE;
  const take = (length: number): string => {
    if (used + length > POOL_SIZE) {
      randomFillSync(pool);
      used = 0;
    }
    used += length;
    const id = pool.toString('hex', used - length, used);
    return /^0+$/.test(id) ? take(length) : id;
  };
  return { traceId: () => take(16), spanId: () => take(8) };
}
