/** The tags of a lamp that registers; KEY makes each claim its own. */
const TAGS = [
  ['CLASS', 'Lamp'],
  ['MAN', 'example.org'],
  ['MODEL', 'L-1200'],
  ['ROOM', 'Kitchen'],
  ['APT', '12'],
  ['BLD', 'North house'],
  ['CITY', 'Gothenburg'],
  ['COUNTRY', 'Sweden'],
  ['STREET', 'Harbour street'],
  ['STREETNR', '17B'],
] as const;

/** A registration of a node, as text of an iq whose `{n}` is replaced by a number for each. */
export function registrationTemplate(hub: string): string {
  const tags = TAGS.map(([name, value]) => `<str name='${name}' value='${value}'/>`).join('');
  const own = "<str name='SN' value='SN-{n}'/><str name='KEY' value='key-of-the-lamp-{n}'/>";
  const register = `<register xmlns='urn:xmpp:iot:discovery' nodeId='node-{n}'>${own}${tags}</register>`;
  return `<iq type='set' to='${hub}' id='{id}'>${register}</iq>`;
}

/** The four keys that a registration writes, with values as long as the hub's: thing, claim, audit, counter. */
export function registrationKeys(caller: number, number: number): readonly (readonly [string, string])[] {
  const node = `node-${number}`;
  const jid = `gateway${caller}@hub.local`;
  const address = { jid, nodeId: node, sourceId: '', cacheType: '' };
  const hash = `${caller}-${number}-`.padEnd(64, '0123456789abcdef');
  const tags = [['SN', `SN-${number}`], ['KEY', `key-of-the-lamp-${number}`], ...TAGS];
  const at = 1_795_000_000_000;
  const thing = {
    ...address,
    tags: tags.map(([name, value]) => ({ name, value })),
    public: false,
    generation: 'xmpp',
    hub: 'hub.hub.local',
    claimHash: hash,
    registeredAt: at,
  };
  const audit = { at, what: 'register', by: jid, thing: `${jid}#${node}`, outcome: 'done' };
  const value = (content: unknown): string => `01234567${JSON.stringify(content)}`;
  return [
    [`t!${jid}\0\0${node}\0`, value(thing)],
    [`c!${hash}\0\0${jid}\0\0${node}\0`, value(true)],
    [`a!${String(number * 64 + caller).padStart(16, '0')}`, value(audit)],
    ['i!audit', value(number * 64 + caller)],
  ];
}
