import type { Plugin } from '../plugin.ts';
import { faultInjection } from './fault-injection.ts';
import { limitReq } from './limit-req.ts';
import { openfunction } from './openfunction/openfunction.ts';
import { requestBodyRewrite } from './request-body-rewrite.ts';
import { responseRewrite } from './response-rewrite.ts';
import { say } from './say.ts';

/** The plugins that every runner has. */
export const SHIPPED: readonly Plugin[] = [
  faultInjection,
  limitReq,
  openfunction,
  requestBodyRewrite,
  responseRewrite,
  say,
] as readonly Plugin[];
