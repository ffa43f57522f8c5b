import { hostname } from 'node:os';
import type { Environment } from '../../base/setting.ts';
import type { AttributeValue } from '../instrument.ts';
import type { Subject } from '../subject.ts';
import type { OtelSettings } from './settings.ts';

/** What is said of the process: https://opentelemetry.io/docs/specs/semconv/resource/ */
export function resourceOf(
  subject: Subject,
  { serviceName, resource }: Pick<OtelSettings, 'serviceName' | 'resource'>,
  { K_REVISION: revision }: Environment,
): Record<string, AttributeValue> {
  const { podName, podNamespace, version, processId, nodeVersion } = subject;
  const instance = podName || hostname();
  const named = serviceName === undefined ? {} : { 'service.name': serviceName };
  const known = {
    'service.name': subject.name,
    'service.instance.id': instance,
    ...(podNamespace === '' ? {} : { 'service.namespace': podNamespace, 'k8s.namespace.name': podNamespace }),
    ...(podName === '' ? {} : { 'k8s.pod.name': podName }),
    ...(revision ? { 'faas.version': revision } : {}),
    'faas.instance': instance,
    'host.name': hostname(),
    'process.pid': processId,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': nodeVersion,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'openfunction',
    'telemetry.sdk.version': version,
  };
  return { ...known, ...resource, ...named };
}
