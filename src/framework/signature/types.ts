/** The signature types of the OpenFunction and the Functions Framework contracts. */
export const SIGNATURE_TYPES = ['http', 'event', 'cloudevent', 'typed', 'openfunction'] as const;

/** One of them. */
export type SignatureType = (typeof SIGNATURE_TYPES)[number];
