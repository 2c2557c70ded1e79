/** Go's net.SplitHostPort and what Prometheus' stripPort and stripDomain make of it. */

/** undefined when `text` is not host:port, [v6]:port or host%zone:port. */
export function splitHostPort(text: string): { host: string; port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(text);
  if (bracketed) return { host: bracketed[1]!, port: bracketed[2]! };
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(text);
  return plain ? { host: plain[1]!, port: plain[2]! } : undefined;
}

/** The host's first part, with the port when there was one; addresses stay as they are. */
export function stripDomain(text: string): string {
  const split = splitHostPort(text);
  const host = split?.host ?? text;
  if (isIpAddress(host)) return text;
  const name = host.split(".")[0] ?? "";
  return split && split.port !== "" ? `${name}:${split.port}` : name;
}

function isIpAddress(host: string): boolean {
  const isV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (isV4) return isV4.slice(1).every((part) => Number(part) <= 255);
  return host.includes(":") && /^[0-9a-fA-F:.]+$/.test(host);
}
