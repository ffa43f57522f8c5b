import { parsePatience, parseTrue, parseWhole, type Rows } from '../parse.ts';

/** What the environment says of SkyWalking: https://github.com/apache/skywalking-nodejs#environment-variables */
export interface SkySettings {
  readonly collector: string | undefined;
  readonly service: string | undefined;
  readonly instance: string | undefined;
  readonly secure: boolean;
  readonly authentication: string | undefined;
  readonly buffer: number;
  readonly timeout: number;
}

const asIs = (raw: string): string => raw;

/** Every variable: a row each. */
export const SKY_SETTINGS: Rows<SkySettings> = {
  collector: {
    variables: ['SW_AGENT_COLLECTOR_BACKEND_SERVICES'],
    help: 'Where SkyWalking listens, unless `oapServer` says (default: 127.0.0.1:11800).',
    fallback: undefined,
    parse: (raw) => raw.split(',')[0]?.trim(),
  },
  service: {
    variables: ['SW_AGENT_NAME'],
    help: 'The name of the service, unless the tag `func` says (default: that of the function).',
    fallback: undefined,
    parse: asIs,
  },
  instance: {
    variables: ['SW_AGENT_INSTANCE', 'SW_AGENT_INSTANCE_NAME'],
    help: 'The name of the instance, unless the tag `instance` says (default: POD_NAME, else the host).',
    fallback: undefined,
    parse: asIs,
  },
  secure: {
    variables: ['SW_AGENT_SECURE'],
    help: 'true: over TLS (default: false).',
    fallback: false,
    parse: parseTrue,
  },
  authentication: {
    variables: ['SW_AGENT_AUTHENTICATION'],
    help: 'The token that SkyWalking asks for (default: none).',
    fallback: undefined,
    parse: asIs,
  },
  buffer: {
    variables: ['SW_AGENT_MAX_BUFFER_SIZE'],
    help: 'Segments that may wait; those beyond are lost (default: 1000).',
    fallback: 1000,
    parse: parseWhole,
  },
  timeout: {
    variables: ['SW_AGENT_TRACE_TIMEOUT'],
    help: 'Milliseconds that SkyWalking has for an answer, 0 for any (default: 10000).',
    fallback: 10_000,
    parse: parsePatience,
  },
};
