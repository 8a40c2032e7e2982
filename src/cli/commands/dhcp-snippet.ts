import { type DhcpSnippet, dhcpSnippet } from '../../discovery/dhcp-snippet.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import { hubClient } from '../hub-client.js';
import type { Invocation } from '../invocation.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** `hearth dhcp-snippet` */
export const run: Run = async (invocation, shell) => {
  const name = invocation.value('name') ?? (await hubName(invocation, shell));
  const snippets = linesFor(name);
  if (invocation.flag('json')) shell.print(`${JSON.stringify(snippets)}\n`);
  else shell.print([...snippets.map(readable), note(name)].join('\n'));
  return exitCode.ok;
};

async function hubName(invocation: Invocation, shell: Shell): Promise<string> {
  const hub = await hubClient(invocation, shell);
  const { server, domain } = await hub.ask('status', {});
  return server?.host ?? domain;
}

function linesFor(name: string): readonly DhcpSnippet[] {
  try {
    return dhcpSnippet({ name });
  } catch (cause) {
    const why = `"${name}" is no host name that DHCP can carry. An address is none: give it a name in your router.`;
    throw new UsageError(why, 'dhcp-snippet', { cause });
  }
}

function readable({ server, file, text }: DhcpSnippet): string {
  return `# ${server}: ${file}\n${text}`;
}

/** A name that ends in `.local` is answered by mDNS alone, which ends where the LAN ends. */
function note(name: string): string {
  if (!/\.local$/i.test(name)) return `# Things look ${name} up in the DNS that the router gives them.\n`;
  return [
    `# ${name} is answered by mDNS, in the hub's own network only. For things in another network (VLAN): fix the`,
    "# hub's address in the router, give it a name in the router's DNS, and name that: hearth dhcp-snippet --name NAME",
    '',
  ].join('\n');
}
