import type { HubStatus } from '../../domain/admin.js';
import { answering } from '../answering.js';
import { facts } from '../columns.js';
import { readableSpan } from '../readable-time.js';
import type { Shell } from '../shell.js';

/** `hearth status` */
export const run = answering({ operation: 'status', request: () => ({}), show });

function show(status: HubStatus, shell: Shell): string {
  const { counts, server } = status;
  const lines: [string, string][] = [
    ['State', `${status.state}, for ${readableSpan(shell.now() - Date.parse(status.since))}`],
    ['Version', status.version],
    ['Domain', status.domain],
    ['Hub', status.hub],
    ['Server', server === null ? 'off' : `${server.host} port ${server.port}, TLS port ${server.tlsPort}`],
    ['Things', `${counts.things}, of which ${counts.unclaimed} wait for an owner`],
    ['Accounts', `${counts.accounts}, ${counts.connections} connected`],
    ['Questions', counts.pending === 0 ? 'none' : `${counts.pending} wait for an owner. See: hearth pending`],
    ['Rules', String(counts.rules)],
    ['Notices', counts.notices === 0 ? 'none' : `${counts.notices} wait for their receivers`],
    ...status.warnings.map((warning): [string, string] => ['Warning', warning]),
  ];
  return facts(lines, shell);
}
