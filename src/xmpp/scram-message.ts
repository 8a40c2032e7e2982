import { ScramError } from './scram.js';

/** Channel bindings that this program can make. RFC 9266, RFC 5929 §3 and §4. */
export type BindingType = 'tls-exporter' | 'tls-unique' | 'tls-server-end-point';

/** What a client's first message says (RFC 5802 §7). */
export interface ClientFirst {
  /** The GS2 header as it was sent, with its last comma. */
  readonly header: string;
  /** `n` no channel binding, `y` the server seems to have none, `p` bound with `binding`. */
  readonly flag: 'n' | 'y' | 'p';
  readonly binding: string | undefined;
  readonly authzid: string | undefined;
  readonly username: string;
  readonly nonce: string;
  /** The message without the GS2 header: part of what is signed. */
  readonly bare: string;
}

/** What a server's first message says. */
export interface ServerFirst {
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

/** What a client's last message says. */
export interface ClientFinal {
  readonly channelBinding: Buffer;
  readonly nonce: string;
  readonly proof: Buffer;
  /** The message without its proof: part of what is signed. */
  readonly withoutProof: string;
}

const FIRST =
  /^((?:(n|y)|p=([A-Za-z0-9.-]{1,64})),(?:a=([^,]+))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s;
const SERVER_FIRST = /^r=([\x21-\x2b\x2d-\x7e]+),s=([^,]+),i=([1-9][0-9]{0,8})(?:,.*)?$/s;
const FINAL = /^(c=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,]+)*),p=([^,]+)$/s;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decodes base 64 (RFC 4648 §4) without any leniency; `undefined` if it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Decodes a saslname: `=2C` is a comma, `=3D` an equals sign, any other `=` a fault (RFC 5802 §5.1). */
export function decodeSaslName(text: string): string {
  if (/=(?!2C|3D)/.test(text)) throw new ScramError('malformed', 'A name has a stray equals sign.');
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

/** Encodes a saslname. */
export function encodeSaslName(text: string): string {
  return text.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** Reads client-first-message. Throws ScramError `malformed`, also for mandatory extensions: there are none. */
export function readClientFirst(message: string): ClientFirst {
  const [, header, flag, binding, authzid, bare, username, nonce] = FIRST.exec(message) ?? [];
  if (header === undefined || bare === undefined || username === undefined || nonce === undefined)
    throw new ScramError('malformed', 'The first message of SCRAM is malformed.');
  return {
    header,
    flag: flag === 'n' || flag === 'y' ? flag : 'p',
    binding,
    authzid: authzid === undefined ? undefined : decodeSaslName(authzid),
    username: decodeSaslName(username),
    nonce,
    bare,
  };
}

/** Reads server-first-message. Throws ScramError `malformed`. */
export function readServerFirst(message: string): ServerFirst {
  const [, nonce, saltText, iterations] = SERVER_FIRST.exec(message) ?? [];
  const salt = saltText === undefined ? undefined : decodeBase64(saltText);
  if (nonce === undefined || salt === undefined || iterations === undefined)
    throw new ScramError('malformed', "The server's first message of SCRAM is malformed.");
  return { nonce, salt, iterations: Number(iterations) };
}

/** Reads client-final-message. Throws ScramError `malformed`. */
export function readClientFinal(message: string): ClientFinal {
  const [, withoutProof, bindingText = '', nonce, proofText = ''] = FINAL.exec(message) ?? [];
  const channelBinding = decodeBase64(bindingText);
  const proof = decodeBase64(proofText);
  if (
    withoutProof === undefined ||
    nonce === undefined ||
    channelBinding === undefined ||
    proof === undefined
  )
    throw new ScramError('malformed', 'The last message of SCRAM is malformed.');
  return { channelBinding, nonce, proof, withoutProof };
}
