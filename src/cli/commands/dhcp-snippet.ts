import { type DhcpSnippet, dhcpSnippet } from '../../discovery/dhcp-snippet.js';
import type { Run } from '../command.js';
import { exitCode } from '../exit-code.js';
import { hubClient } from '../hub-client.js';

/** `hearth dhcp-snippet` */
export const run: Run = async (invocation, shell) => {
  const hub = await hubClient(invocation, shell);
  const { server, domain } = await hub.ask('status', {});
  const snippets = dhcpSnippet({ name: server?.host ?? domain });
  shell.print(invocation.flag('json') ? `${JSON.stringify(snippets)}\n` : snippets.map(readable).join('\n'));
  return exitCode.ok;
};

function readable({ server, file, text }: DhcpSnippet): string {
  return `# ${server}: ${file}\n${text}`;
}
