/** Tags on one line: `CLASS=lamp MAN=example.org`. */
export function tagText(tags: Readonly<Record<string, string | number>>): string {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
