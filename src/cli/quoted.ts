/** A text as a shell takes it for one word: in single quotes where it holds anything that a shell could read otherwise. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
