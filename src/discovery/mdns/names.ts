/** Bytes a label may hold. RFC 1035 §2.3.4 */
export const MAX_LABEL = 63;
/** Bytes a whole name may hold on the wire, length bytes and root included. RFC 1035 §2.3.4 */
export const MAX_NAME = 255;
/** Labels a name may have: 127 of one byte each fill 255 bytes. */
export const MAX_LABELS = 127;

/** One label as text: dots and backslashes inside it are escaped, as in `peter\.saint@mac`. RFC 6763 §4.3 */
export function escapeLabel(label: string): string {
  return label.replace(/[\\.]/g, '\\$&');
}

/** The labels of a name in escaped text, unescaped; the root is an empty list. */
export function labelsOf(name: string): string[] {
  const labels: string[] = [];
  let label = '';
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i);
    if (char === '\\' && i + 1 < name.length) {
      i += 1;
      label += name.charAt(i);
    } else if (char === '.') {
      if (label !== '') labels.push(label);
      label = '';
    } else {
      label += char;
    }
  }
  if (label !== '') labels.push(label);
  return labels;
}

/** A name in escaped text from its labels. */
export function nameOf(...labels: string[]): string {
  return labels.map(escapeLabel).join('.');
}

/**
 * The bytes of the labels of a name, checked.
 * Throws a RangeError if a label or the whole is longer than DNS allows.
 */
export function encodeLabels(name: string): Buffer[] {
  const labels = labelsOf(name).map((label) => Buffer.from(label, 'utf8'));
  let length = 1;
  for (const label of labels) {
    if (label.length > MAX_LABEL) throw new RangeError(`a label of ${label.length} bytes is too long`);
    length += label.length + 1;
  }
  if (length > MAX_NAME) throw new RangeError(`a name of ${length} bytes is too long`);
  return labels;
}

/** The form in which names are compared: only ASCII letters fold. RFC 6762 §16 */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Whether two names are the same to DNS. */
export function sameName(a: string, b: string): boolean {
  return a === b || foldName(a) === foldName(b);
}

/**
 * The label under which a machine of this name appears: the first label in lower case, with only letters,
 * digits and hyphens, since others copy it into XML and into host names as it is. `hearth` if nothing is left.
 * At most `room` bytes.
 */
export function machineLabel(name: string, room = MAX_LABEL): string {
  const first = name.split('.', 1)[0] ?? '';
  const plain = foldName(first)
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, room)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'hearth' : plain;
}

/** `base` with `-suffix` after it, the base cut so that the label has at most `room` bytes. [0347 3.3.2] */
export function withSuffix(base: string, suffix: string, room = MAX_LABEL): string {
  return `${base.slice(0, room - suffix.length - 1)}-${suffix}`;
}
