/** Whether a header's version says that features are understood (RFC 6120 §4.7.5): most clients on the link name none. */
export function isVersioned(version: string | undefined): boolean {
  return /^[1-9]\d{0,3}\.\d{1,4}$/.test(version ?? '');
}
