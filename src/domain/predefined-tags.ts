/** The tags that XEP-0347 defines, and whether their values are numbers or text [0347 5.2]. */
const PREDEFINED: ReadonlyMap<string, 'number' | 'text'> = new Map([
  ['ALT', 'number'],
  ['APT', 'text'],
  ['AREA', 'text'],
  ['BLD', 'text'],
  ['CITY', 'text'],
  ['CLASS', 'text'],
  ['COUNTRY', 'text'],
  ['KEY', 'text'],
  ['LAT', 'number'],
  ['LON', 'number'],
  ['MAN', 'text'],
  ['MLOC', 'text'],
  ['MNR', 'text'],
  ['MODEL', 'text'],
  ['NAME', 'text'],
  ['PURL', 'text'],
  ['REGION', 'text'],
  ['ROOM', 'text'],
  ['SN', 'text'],
  ['STREET', 'text'],
  ['STREETNR', 'text'],
  ['V', 'number'],
]);

/** What the value of a tag (in upper case) is by definition; `undefined` for names that things invent. */
export function predefinedType(name: string): 'number' | 'text' | undefined {
  return PREDEFINED.get(name);
}
