import { DHCP_CODES, decodeDhcpOption } from './dhcp-option.js';

/** Fields of a message in front of its options, and where they begin. RFC 2131 §2 */
const XID = 4;
const CIADDR = 12;
const CHADDR = 28;
const SNAME = 44;
const FILE = 108;
const COOKIE = 236;
const OPTIONS = 240;

/** RFC 2131 §3 */
const MAGIC = 0x63825363;

/** The least that relays of BOOTP pass on. RFC 1542 §2.1 */
const MIN_SIZE = 300;
/** No UDP datagram of a LAN is longer than an Ethernet frame without fragments. */
const MAX_SIZE = 1500;

const REQUEST = 1;
const REPLY = 2;
const ETHERNET = 1;
const INFORM = 8;
const ACK = 5;

/** Options. RFC 2132 */
const PAD = 0;
const OVERLOAD = 52;
const MESSAGE_TYPE = 53;
const PARAMETERS = 55;
const END = 255;

/** What tells one DHCPINFORM from another. */
export interface Inform {
  /** 32 random bits. */
  readonly xid: number;
  /** The asking interface's IPv4 address, as `10.77.0.2`. */
  readonly address: string;
  /** Its hardware address, six bytes. */
  readonly hardware: Uint8Array;
}

/** A DHCPINFORM that asks for the name of the XMPP server. RFC 2131 §4.4.3, [0347 3.3.1] */
export function encodeInform({ xid, address, hardware }: Inform): Buffer {
  const message = Buffer.alloc(MIN_SIZE);
  message.set([REQUEST, ETHERNET, 6]);
  message.writeUInt32BE(xid, XID);
  message.set(address.split('.').map(Number), CIADDR);
  message.set(hardware, CHADDR);
  message.writeUInt32BE(MAGIC, COOKIE);
  const wanted = [DHCP_CODES.site, DHCP_CODES.proposed];
  message.set([MESSAGE_TYPE, 1, INFORM, PARAMETERS, wanted.length, ...wanted, END], OPTIONS);
  return message;
}

/**
 * The XMPP server that an answer to this question names, `''` where it names none. `undefined` for anything that is no
 * answer to it: damaged, of another transaction, or not acknowledged. Never throws.
 */
export function readInformAnswer(message: Buffer, { xid, hardware }: Inform): string | undefined {
  if (message.length < OPTIONS || message.length > MAX_SIZE || message[0] !== REPLY) return undefined;
  if (message.readUInt32BE(XID) !== xid || message.readUInt32BE(COOKIE) !== MAGIC) return undefined;
  if (!message.subarray(CHADDR, CHADDR + 6).equals(hardware)) return undefined;
  const options = new Map<number, Buffer>();
  if (!gather(message.subarray(OPTIONS), options)) return undefined;
  const overload = options.get(OVERLOAD)?.[0] ?? 0;
  if ((overload & 1) !== 0 && !gather(message.subarray(FILE, COOKIE), options)) return undefined;
  if ((overload & 2) !== 0 && !gather(message.subarray(SNAME, FILE), options)) return undefined;
  const type = options.get(MESSAGE_TYPE);
  if (type?.length !== 1 || type[0] !== ACK) return undefined;
  return named(DHCP_CODES.site, options) ?? named(DHCP_CODES.proposed, options) ?? '';
}

function named(code: number, options: ReadonlyMap<number, Buffer>): string | undefined {
  const value = options.get(code);
  if (value === undefined || value.length > 255) return undefined;
  return decodeDhcpOption(Buffer.concat([Buffer.from([code, value.length]), value]));
}

/** Adds the options of one field; those that come again go on where they stopped (RFC 3396). False if they are damaged. */
function gather(field: Buffer, options: Map<number, Buffer>): boolean {
  for (let at = 0; at < field.length; ) {
    const code = field[at] ?? END;
    if (code === END) return true;
    if (code === PAD) {
      at++;
      continue;
    }
    const length = field[at + 1];
    if (length === undefined || at + 2 + length > field.length) return false;
    const value = field.subarray(at + 2, at + 2 + length);
    options.set(code, Buffer.concat([options.get(code) ?? Buffer.alloc(0), value]));
    at += 2 + length;
  }
  return true;
}
