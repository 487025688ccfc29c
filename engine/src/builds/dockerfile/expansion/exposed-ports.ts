import { placedIn } from '../problems/instruction-failure.ts';
import { Reason } from '../problems/reason.ts';
import type { ExposeInstruction } from '../syntax/instruction.ts';

export interface PortSpec {
  /** `8000/tcp`, one for each of a range. */
  readonly ports: readonly string[];
  /** The protocol as written; null: none was. */
  readonly protocol: string | null;
  /** An address or a port of the host stands before it; EXPOSE has no use for that. */
  readonly hasHostPart: boolean;
}

const MAX_PORT = 65_535;
const PROTOCOLS = ['tcp', 'udp', 'sctp'];
const EXPECTED = 'A port is written like 80, 53/udp or 8000-8010.';

/** The ports of an expanded EXPOSE, as an image's config has them. */
export function exposedPorts(expose: ExposeInstruction): readonly string[] {
  return expose.ports.flatMap(({ text, range }) => placedIn(range, expose, () => parsePort(text).ports));
}

/** Reads `[[address:]host:]port[-port][/protocol]`. Fails with a Reason. */
export function parsePort(text: string): PortSpec {
  const colon = text.lastIndexOf(':');
  const container = text.slice(colon + 1);
  const slash = container.indexOf('/');
  const range = slash === -1 ? container : container.slice(0, slash);
  const protocol = slash === -1 || slash === container.length - 1 ? null : container.slice(slash + 1);
  const lower = protocol?.toLowerCase() ?? 'tcp';
  if (!PROTOCOLS.includes(lower))
    throw new Reason(`"${text}" has no known protocol.`, 'It is tcp, udp or sctp.');
  const dash = range.indexOf('-');
  const first = parseNumber(dash === -1 ? range : range.slice(0, dash), text);
  const last = dash === -1 ? first : parseNumber(range.slice(dash + 1), text);
  if (last < first) throw new Reason(`The ports "${range}" go backwards.`, EXPECTED);
  const ports = Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${lower}`);
  return { ports, protocol, hasHostPart: colon > 0 };
}

function parseNumber(text: string, whole: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT) return Number(text);
  throw new Reason(`"${whole}" is no port.`, EXPECTED);
}
