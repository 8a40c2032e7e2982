/**
 * A meta tag of a thing [0347 5]. Names are kept in upper case, for they compare without case; values compare
 * exactly, numbers as numbers. The type of the value is the type of the tag.
 */
export interface Tag {
  readonly name: string;
  readonly value: string | number;
}

/** The tag that only thing and owner share: never indexed, found, listed, logged or exported [0347 3.13]. */
export const KEY = 'KEY';

/**
 * The one text of a set of tags, whatever their order: what a claim must match exactly [0347 3.8]. Tag R names the
 * registry in claim codes and is no part of what is claimed.
 */
export function canonicalTags(tags: readonly Tag[]): string {
  const lines: string[] = [];
  for (const tag of tags) {
    if (tag.name === 'R') continue;
    lines.push(`${tag.name}\u0000${typeof tag.value === 'number' ? '#' : '$'}${tag.value}`);
  }
  return lines.sort().join('\u0001');
}
