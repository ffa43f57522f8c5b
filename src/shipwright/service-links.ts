/** `NAME_PORT_8080_TCP=tcp://10.0.0.7:8080`, in which the address may be one of IPv6. */
const PORT = /^(.+)_PORT_(\d+)_(TCP|UDP|SCTP)=(tcp|udp|sctp):\/\/\[?([\d.]+|[\da-fA-F:]+)\]?:(\d+)$/;

/**
 * Leaves out what Kubernetes tells containers of the services beside them, which is no part of a build and different in
 * each cluster: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 * A variable, `NAME=value`, counts as such a link by its value too, so that one that a build gives another value stays.
 */
export function withoutServiceLinks(entries: readonly string[]): readonly string[] {
  const links = new Set<string>();
  for (const entry of entries) {
    const [, service, number, protocol, scheme, address, port] = PORT.exec(entry) ?? [];
    if (service === undefined || number !== port || protocol?.toLowerCase() !== scheme) continue;
    const [url, prefix] = [entry.slice(entry.indexOf('=') + 1), `${service}_PORT_${number}_${protocol}`];
    for (const link of [
      entry,
      `${prefix}_PROTO=${scheme}`,
      `${prefix}_PORT=${port}`,
      `${prefix}_ADDR=${address}`,
      `${service}_PORT=${url}`,
      `${service}_SERVICE_HOST=${address}`,
      `${service}_SERVICE_PORT=${port}`,
    ])
      links.add(link);
    for (const named of entries) {
      if (named.startsWith(`${service}_SERVICE_PORT_`) && named.endsWith(`=${port}`)) links.add(named);
    }
  }
  return entries.filter((entry) => !links.has(entry));
}
