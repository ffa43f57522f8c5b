import { createRequire } from 'node:module';
import type accepts from 'accepts';
import type contentDisposition from 'content-disposition';
import type * as contentType from 'content-type';
import type * as cookie from 'cookie';
import type * as qs from 'qs';
import type rangeParser from 'range-parser';
import type sendOnly from 'send';
import type typeIs from 'type-is';
import type vary from 'vary';

/** The package send with the MIME table it brings; its types leave that out. */
type Send = typeof sendOnly & {
  readonly mime: { lookup(path: string): string };
};

const require = createRequire(import.meta.url);

/* oxlint-disable typescript/no-unsafe-type-assertion -- what require gives has no type of its own */
/** The packages that details of the Express surface come from; each is loaded when a function first needs it. */
export const libraries = {
  accepts: (): typeof accepts => require('accepts') as typeof accepts,
  contentDisposition: (): typeof contentDisposition => require('content-disposition') as typeof contentDisposition,
  contentType: (): typeof contentType => require('content-type') as typeof contentType,
  cookie: (): typeof cookie => require('cookie') as typeof cookie,
  encodeUrl: (): ((url: string) => string) => require('encodeurl') as (url: string) => string,
  qs: (): typeof qs => require('qs') as typeof qs,
  rangeParser: (): typeof rangeParser => require('range-parser') as typeof rangeParser,
  send: (): Send => require('send') as Send,
  typeIs: (): typeof typeIs => require('type-is') as typeof typeIs,
  vary: (): typeof vary => require('vary') as typeof vary,
} as const;
