import { describe, expect, it } from 'vitest';
import { harmonizedGenerations } from '../../src/dialects/namespaces.js';
import { findRow, rowOf } from '../../src/dialects/table.js';
import { readRequest, refusal, xml } from './read-payload.js';

const NS = 'urn:xmpp:iot:provisioning';
const canAccess = (children: string, attributes = "serviceToken='S'") =>
  readRequest('can-access', `<canAccess xmlns='${NS}' ${attributes}>${children}</canAccess>`);
const one = (child: string) => canAccess(child).credentials[0];
const listed = (type: string, value: string) => one(`<credentials type='${type}' value='${value}'/>`);

describe('credentials', () => {
  it.each([
    ['JID', 'Kermit@Example.org/x', { kind: 'jid', value: 'kermit@example.org' }],
    ['ipaddress', '10.0.0.1', { kind: 'ip4', value: '10.0.0.1' }],
    ['IpAddress', '::ffff:10.0.0.1', { kind: 'ip6', value: '::ffff:10.0.0.1' }],
    ['ip4', '255.255.255.255', { kind: 'ip4', value: '255.255.255.255' }],
    ['ip6', 'fe80::1%3', { kind: 'ip6', value: 'fe80::1' }],
    ['HostName', 'client', { kind: 'hostName', value: 'client' }],
    ['x509Certificate', 'AA A A', { kind: 'x509Certificate', value: 'AAAA' }],
    ['SsoToken', 'a b', { kind: 'sso', value: 'a b' }],
    ['Latitude', '-90', { kind: 'latitude', value: '-90' }],
    ['Altitude', '-1.5E3', { kind: 'altitude', value: '-1.5E3' }],
    ['Protocol', 'UdpSocket', { kind: 'protocol', value: 'UdpSocket' }],
  ])('of type %s are known: %s', (type, value, credential) => {
    expect(listed(type, value)).toEqual(credential);
  });

  it.each(['::', '::1', '1::', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '64:ff9b::192.0.2.33', 'FE80::ABCD'])(
    '%s is an address',
    (value) => {
      expect(one(`<ip6 value='${value}'/>`)).toEqual({ kind: 'ip6', value });
    },
  );

  it.each([
    ['IpAddress', '10.0.0'],
    ['IpAddress', '10.0.0.256'],
    ['IpAddress', '010.0.0.1'],
    ['IpAddress', '1:2:3:4:5:6:7'],
    ['IpAddress', '1:2:3:4:5:6:7:8:9'],
    ['IpAddress', '1::2::3'],
    ['IpAddress', '1:2:3:4:5:6:7:8::'],
    ['IpAddress', '12345::'],
    ['IpAddress', '10.0.0.1::'],
    ['IpAddress', `${':'.repeat(3000)}`],
    ['ip4', '::1'],
    ['ip6', '10.0.0.1'],
    ['Longitude', '180.1'],
    ['Longitude', 'NaN'],
    ['Latitude', '91'],
    ['Latitude', '1,5'],
    ['Altitude', '1e400'],
    ['HostName', 'a b'],
    ['X509Certificate', '?'],
    ['X509CertificateThumbprint', 'AB=='],
    ['UserName', ''],
    ['UserName', 'x'.repeat(3072)],
    ['Protocol', 'Gopher'],
    ['ShoeSize', '43'],
    ['__proto__', 'x'],
    ['constructor', 'x'],
    ['', 'x'],
  ])('of type %s are refused: %.20s', (type, value) => {
    expect(refusal(() => listed(type, value))).toBe('bad-request');
  });

  it.each([
    ['a name that is none', "<shoeSize value='43'/>"],
    ['a name of objects', "<__proto__ value='x'/>"],
    ['base64 where a value belongs', "<userName base64='AAAA'/>"],
    ['a value where base64 belongs', "<x509Certificate value='AAAA'/>"],
    ['a list and names at once', "<credentials type='UserName' value='x'/><userName value='x'/>"],
    ['names and a list at once', "<userName value='x'/><credentials type='UserName' value='x'/>"],
    ['another namespace', "<userName xmlns='urn:x' value='x'/>"],
    ['text', 'x'],
    ['65 of them', "<userName value='x'/>".repeat(65)],
  ])('are refused with %s', (_, children) => {
    expect(refusal(() => canAccess(children))).toBe('bad-request');
  });

  it('belong to a service', () => {
    expect(canAccess('')).toEqual({ serviceToken: 'S', credentials: [], listed: false });
    for (const attributes of ['', "serviceToken=''", "serviceToken='a b'"])
      expect(
        refusal(() => canAccess('', attributes)),
        attributes,
      ).toBe('bad-request');
  });
});

describe('privileges', () => {
  const asked = (id: string) =>
    readRequest(
      'has-privilege',
      `<hasPrivilege xmlns='${NS}' serviceToken='S' userToken='U' privilegeId='${id}'/>`,
    );
  const downloaded = (children: string) => () =>
    rowOf('download-privileges', 'xmpp').readAnswer(
      xml(`<downloadPrivilegesResponse xmlns='${NS}'>${children}</downloadPrivilegesResponse>`),
    );

  it.each(['Sensors', 'Sensors.View', 'a b.c', '__proto__.constructor'])('%s is an id', (id) => {
    expect(asked(id).privilegeId).toBe(id);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'x'.repeat(257), '.'.repeat(256)])('%.20s is none', (id) => {
    expect(refusal(() => asked(id))).toBe('bad-request');
  });

  it('come in their order', () => {
    expect(downloaded("<exclude id='a.b'/><include id='a'/>")()).toEqual({
      entries: [
        { include: false, id: 'a.b' },
        { include: true, id: 'a' },
      ],
    });
    for (const children of ["<allow id='a'/>", '<include/>', "<include id='.'/>", 'x'])
      expect(refusal(downloaded(children)), children).toBe('bad-request');
  });

  it('and users who log in need both tokens', () => {
    const loggedIn = (attributes: string) =>
      refusal(() => readRequest('user-logged-in', `<userLoggedIn xmlns='${NS}' ${attributes}/>`));
    expect(loggedIn("serviceToken='S' userToken='U' userName='Kermit'")).toBeUndefined();
    expect(loggedIn("serviceToken='S' userName='Kermit'")).toBe('bad-request');
    expect(loggedIn("userToken='U' userName='Kermit'")).toBe('bad-request');
    expect(loggedIn("serviceToken='S' userToken='U' userName=''")).toBe('bad-request');
  });

  it('have no words in the harmonised dialects', () => {
    for (const operation of ['can-access', 'user-logged-in', 'has-privilege', 'download-privileges'] as const)
      for (const generation of harmonizedGenerations) expect(findRow(operation, generation)).toBeUndefined();
  });
});
