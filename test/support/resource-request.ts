import type { ResourceRequest } from '../../src/cli/generate/generate-command.ts';
import type { StrategyReference } from '../../src/cli/generate/strategy.ts';
import type { ServedFunction } from '../../src/cli/generate/served-function.ts';

/** A function of requests, but for what a test changes. */
export const servedFunction = (more: Partial<ServedFunction> = {}): ServedFunction => ({
  functions: [{ name: 'hello', signatureType: 'http' }],
  inputs: [],
  outputs: [],
  version: undefined,
  ...more,
});

/** A strategy of a whole cluster. */
export const strategyOf = (name: string): StrategyReference => ({ name, kind: 'ClusterBuildStrategy' });

/** What resources are made of, but for what a test changes. */
export const resourceRequest = (more: Partial<ResourceRequest> = {}): ResourceRequest => ({
  name: 'hello',
  image: 'registry.example.com/me/hello:1',
  source: undefined,
  variables: {},
  registrySecret: undefined,
  gitSecret: undefined,
  builder: undefined,
  strategy: strategyOf('openfunction-node'),
  cache: undefined,
  ...more,
});

/** Where a test's source is. */
export const BUILD_SOURCE = {
  url: 'https://git.example.com/me/hello.git',
  revision: 'main',
  contextDir: 'functions/hello',
} as const;
