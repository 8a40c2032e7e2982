import { DHCP_CODES, isServerName } from './dhcp-option.js';

/** What a DHCP server is to say. */
export interface DhcpFacts {
  /** The name under which things connect to the hub, as `pronto.local`. */
  readonly name: string;
}

/** Lines for the configuration of one DHCP server. */
export interface DhcpSnippet {
  /** The server's name. */
  readonly server: 'dnsmasq' | 'OpenWrt' | 'systemd-networkd' | 'ISC dhcpd' | 'Kea';
  /** Where the lines belong. */
  readonly file: string;
  /** The lines, the last one ended. */
  readonly text: string;
}

/**
 * What makes DHCP servers name the hub to those that ask for option 224. [0347 3.3.1] Throws a RangeError for a name
 * that DHCP cannot carry.
 */
export function dhcpSnippet({ name }: DhcpFacts): readonly DhcpSnippet[] {
  if (!isServerName(name)) throw new RangeError(`DHCP cannot name an XMPP server ${JSON.stringify(name)}`);
  return [
    {
      server: 'dnsmasq',
      file: '/etc/dnsmasq.d/hearth.conf',
      text: `dhcp-option=${DHCP_CODES.site},${name}\n`,
    },
    { server: 'OpenWrt', file: 'the shell of the router', text: uci(name) },
    {
      server: 'OpenWrt',
      file: `/etc/config/dhcp, in "config dhcp 'lan'", instead of the shell`,
      text: `\tlist dhcp_option '${DHCP_CODES.site},${name}'\n`,
    },
    {
      server: 'systemd-networkd',
      file: 'the .network file of the LAN, in /etc/systemd/network',
      text: `[DHCPServer]\nSendOption=${DHCP_CODES.site}:string:${name}\n`,
    },
    { server: 'ISC dhcpd', file: '/etc/dhcp/dhcpd.conf', text: dhcpd(name) },
    { server: 'Kea', file: '/etc/kea/kea-dhcp4.conf, in "Dhcp4"', text: kea(name) },
  ];
}

/** The section `lan` is the one that OpenWrt comes with. */
function uci(name: string): string {
  return [
    `uci add_list dhcp.lan.dhcp_option='${DHCP_CODES.site},${name}'`,
    'uci commit dhcp',
    'service dnsmasq restart\n',
  ].join('\n');
}

function dhcpd(name: string): string {
  return `option xmpp-server code ${DHCP_CODES.site} = text;\noption xmpp-server "${name}";\n`;
}

/** Two members of the object, without the braces around: the file has them already. */
function kea(name: string): string {
  const definition = { name: 'xmpp-server', code: DHCP_CODES.site, type: 'string', space: 'dhcp4' };
  const members = [
    `"option-def": [ ${JSON.stringify(definition)} ]`,
    `"option-data": [ ${JSON.stringify({ name: 'xmpp-server', data: name })} ]`,
  ];
  return `${members.join(',\n')}\n`;
}
