import { hostname, platform } from 'node:os';
import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import type { OpenFunctionComponent, TraceConfig } from '../../framework/context/types.ts';
import type { SidecarCall } from '../../framework/dapr/sidecar.ts';
import type { Tracer } from '../../framework/tracer.ts';
import { Batches } from '../batches.ts';
import { describeCalls } from '../describe-call.ts';
import { describeOutput } from '../describe-send.ts';
import { grpcCaller, type GrpcCaller } from '../grpc-caller.ts';
import type { Instrument, OpenSpan } from '../instrument.ts';
import { makeTracer } from '../make-tracer.ts';
import { parseUrl, readRows } from '../parse.ts';
import { withRetries } from '../retry.ts';
import { commonAttributes, type Subject } from '../subject.ts';
import type { EndedSegment } from './segment.ts';
import { encodePing, encodeProperties, encodeSegment, type Reporter } from './segment-message.ts';
import { SKY_SETTINGS, type SkySettings } from './settings.ts';
import { skyInstrument } from './sky-instrument.ts';
import type { Correlation } from './sw8.ts';

const COLLECT = '/skywalking.v3.TraceSegmentReportService/collect';
const PROPERTIES = '/skywalking.v3.ManagementService/reportInstanceProperties';
const KEEP_ALIVE = '/skywalking.v3.ManagementService/keepAlive';

/** Milliseconds that segments wait for others, and between two signs of life: those of SkyWalking's own agents. */
const DELAY = 1000;
const HEARTBEAT = 20_000;
const BATCH = 500;

/** Makes the tracer of SkyWalking, with the application's own agent if it has one. */
export async function skyWalking(config: TraceConfig, subject: Subject, env: Environment, log: Log): Promise<Tracer> {
  const { tags = {}, baggage = {}, provider } = config;
  const settings = readRows(SKY_SETTINGS, env, (line) => log.warn(line));
  const reporter: Reporter = {
    service: tags['func'] || settings.service || subject.name,
    instance: tags['instance'] || settings.instance || subject.podName || hostname(),
  };
  const address = provider?.oapServer || settings.collector || '127.0.0.1:11800';
  const describeCall = describeCalls(subject.name, commonAttributes(subject, tags));
  const instrument =
    (await agentOf(subject.modulePath, { ...reporter, address }, settings, baggage)) ??
    ownInstrument(callerOf(address, settings), reporter, subject, settings, baggage, log);
  return makeTracer({ instrument, describeCall, ...innerEvents(instrument) });
}

/** The agent is worth its start to applications that have it: its plugins make spans of what else they use. */
async function agentOf(
  modulePath: string,
  { service, instance, address }: Reporter & { readonly address: string },
  { secure, authentication, buffer, timeout }: SkySettings,
  correlation: Correlation,
): Promise<Instrument | undefined> {
  const { agentInstrument, findAppAgent } = await import('./app-agent.ts');
  const agent = findAppAgent(modulePath);
  if (agent === undefined) return undefined;
  const limits = { maxBufferSize: buffer, traceTimeout: timeout };
  const config = {
    serviceName: service,
    serviceInstance: instance,
    collectorAddress: address,
    secure,
    authorization: authentication,
  };
  return agentInstrument(agent, { ...config, ...limits }, correlation);
}

function ownInstrument(
  call: GrpcCaller,
  reporter: Reporter,
  subject: Subject,
  settings: SkySettings,
  correlation: Correlation,
  log: Log,
): Instrument {
  const limits = { delay: DELAY, queue: settings.buffer, batch: BATCH };
  const batches = new Batches<EndedSegment>(
    (segments, ending) => {
      const messages = segments.map((segment) => encodeSegment(segment, reporter));
      return withRetries(() => call(COLLECT, messages), ending);
    },
    limits,
    log,
  );
  keepAlive(call, reporter, subject);
  return skyInstrument({
    reporter,
    correlation,
    export: (segment) => batches.add(segment),
    flush: () => batches.flush(),
  });
}

function callerOf(address: string, { secure, authentication, timeout }: SkySettings): GrpcCaller {
  const { host } = parseUrl(address, 'the address of SkyWalking');
  return grpcCaller({
    url: new URL(`${secure ? 'https' : 'http'}://${host}`),
    headers: authentication === undefined ? {} : { authentication },
    gzip: false,
    timeout,
    certificates: {},
  });
}

/** Tells who this is, and from then on that it is there. Whether anybody listens shows when segments are sent. */
function keepAlive(
  call: GrpcCaller,
  reporter: Reporter,
  { processId, nodeVersion, podName, podNamespace }: Subject,
): void {
  const properties = {
    language: 'NodeJS',
    'OS Name': platform(),
    hostname: hostname(),
    'Process No.': String(processId),
    version: nodeVersion,
    ...(podName === '' ? {} : { pod: podName }),
    ...(podNamespace === '' ? {} : { namespace: podNamespace }),
  };
  const tell = async (): Promise<void> => {
    await call(PROPERTIES, [encodeProperties(reporter, properties)]);
    await call(KEEP_ALIVE, [encodePing(reporter)]);
  };
  void tell();
  setInterval(() => void tell(), HEARTBEAT).unref();
}

/** Envelopes have to name the span that sends them, which therefore begins with its envelope. */
function innerEvents(instrument: Instrument): {
  readonly innerMetadata: NonNullable<Tracer['innerMetadata']>;
  readonly prepared: (call: SidecarCall) => OpenSpan | undefined;
} {
  let next: OpenSpan | undefined;
  const take = (): OpenSpan | undefined => {
    const span = next;
    next = undefined;
    return span;
  };
  return {
    innerMetadata(_ctx, output: OpenFunctionComponent) {
      const span = instrument.begin(describeOutput(output));
      next = span;
      // It is sent within this very step, or not at all.
      queueMicrotask(() => {
        if (next === span) take()?.end();
      });
      return span.headers();
    },
    prepared: take,
  };
}
