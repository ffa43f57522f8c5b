import type { IncomingMessage, ServerResponse } from 'node:http';

/** The signature types of the OpenFunction and the Functions Framework contracts. */
export const SIGNATURE_TYPES = ['http', 'event', 'cloudevent', 'typed', 'openfunction'] as const;

/** One of them. */
export type SignatureType = (typeof SIGNATURE_TYPES)[number];

/** A function that answers HTTP requests; what it returns is not looked at, but a promise is awaited for its failure. */
// oxlint-disable-next-line typescript/no-explicit-any -- users return whatever they like
export type HttpFunction = (req: IncomingMessage, res: ServerResponse) => any;
