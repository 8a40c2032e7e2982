/** The value of the first attribute of this name, in quotes of either kind, as it is written; `''` for none. */
export function attributeOf(xml: string, name: string): string {
  const at = xml.indexOf(` ${name}=`);
  if (at < 0) return '';
  const begin = at + name.length + 3;
  const quote = xml.charAt(begin - 1);
  return xml.slice(begin, xml.indexOf(quote, begin));
}
