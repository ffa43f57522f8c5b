/** What a plugin says of its state. */
export const STATUSES = ['STARTING', 'ACTIVE', 'STOPPING', 'FAILED'] as const;

/** One of them. */
export type Status = (typeof STATUSES)[number];

/** What others may say: tkeel 0.1.0 has one more. */
export type RemoteStatus = Status | 'STOPPED';

/** Whether a value is what a plugin may say. */
export function isStatus(value: unknown): value is Status {
  return STATUSES.some((status) => status === value);
}

/** Whether a value is what another plugin may say. */
export function isRemoteStatus(value: unknown): value is RemoteStatus {
  return value === 'STOPPED' || isStatus(value);
}
