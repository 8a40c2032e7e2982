/** Hex digits of a fingerprint that a person is shown: enough that nobody makes another certificate that begins so. */
const SHOWN = 16;

/** The beginning of a fingerprint; `hearth` takes it wherever it takes the whole. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.length > SHOWN ? `${fingerprint.slice(0, SHOWN)}…` : fingerprint;
}

/** A text with every whole fingerprint in it shortened so. */
export function shortenFingerprints(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{64}\b/g, shortFingerprint);
}
