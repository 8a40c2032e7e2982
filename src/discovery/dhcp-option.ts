/** Codes under which a DHCP server names the XMPP server: one of the private range, and the one proposed to IANA. [0347 3.3.1] */
export const DHCP_CODES = { site: 224, proposed: 84 } as const;

/** Most bytes of a host name as text. RFC 1035 §2.3.4 */
const MAX_NAME = 253;

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const DOTTED_QUAD = /^\d+(\.\d+)*$/;

/**
 * Whether DHCP may name an XMPP server so: letters, digits and hyphens in labels of up to 63, qualified or not. A mere
 * number or IPv4 address is none, for DHCP servers would send it as bytes. RFC 1035 §2.3.1, [0347 3.3.1.1]
 */
export function isServerName(name: string): boolean {
  if (name.length > MAX_NAME || DOTTED_QUAD.test(name)) return false;
  return name.split('.').every((label) => LABEL.test(label));
}

/** The option as it stands in a DHCP message: code 224, length, name. Throws a RangeError for what is no host name. */
export function encodeDhcpOption(name: string): Buffer {
  if (!isServerName(name)) throw new RangeError(`DHCP cannot name an XMPP server ${JSON.stringify(name)}`);
  return Buffer.concat([Buffer.from([DHCP_CODES.site, name.length]), Buffer.from(name, 'ascii')]);
}

/**
 * The name in an option of either code; a NUL or a dot at its end, as some servers send, is no part of it. `undefined`
 * for any other option, and for one that is cut, too long, or holds no host name. Never throws.
 */
export function decodeDhcpOption(option: Buffer): string | undefined {
  const [code, length] = option;
  if (code !== DHCP_CODES.site && code !== DHCP_CODES.proposed) return undefined;
  if (length !== option.length - 2) return undefined;
  const name = option.toString('latin1', 2).replace(/\0$/, '').replace(/\.$/, '');
  return isServerName(name) ? name : undefined;
}
