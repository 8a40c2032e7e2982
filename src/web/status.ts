import type { HubStatus } from '../domain/admin.js';
import type { Admin } from './admin.js';
import { isoTime } from './reports.js';

/** How the hub is, from memory. */
export function statusOf(admin: Admin): HubStatus {
  const { hub, things, accounts, questions, rules, owners } = admin;
  const damage = hub.damage();
  const warnings = [...(damage === undefined ? [] : [damage]), ...hub.warnings()];
  // In safe mode an owner can be among what is missing, and none can be made.
  if (damage === undefined && owners.local().length === 0)
    warnings.push('This hub has no owner yet. Make one with: hearth accounts add NAME --owner');
  warnings.push(...refusedWarning(admin));
  return {
    ...hub.ready(),
    state: damage === undefined ? 'ready' : 'safe mode',
    since: isoTime(hub.since),
    uplink: null,
    counts: {
      things: things.count,
      unclaimed: things.unclaimed,
      accounts: accounts.list.run().length,
      connections: hub.connections(),
      pending: questions.all().length,
      rules: count(rules.all()),
      notices: hub.notices(),
    },
    warnings,
  };
}

/** Names of things that somebody owns and who spoke without their certificates: one sentence, however many. */
function refusedWarning({ trust, things }: Admin): string[] {
  const refused = trust
    .refusedNames()
    .filter((jid) => things.of(jid).some(({ owner }) => owner !== undefined));
  const latest = refused.at(-1);
  if (latest === undefined) return [];
  const others = refused.length > 1 ? ` (and as ${refused.length - 1} other things)` : '';
  return [
    `Somebody spoke as ${latest}${others} without its certificate, and was refused. See: hearth things show ${latest}`,
  ];
}

function count(all: Iterable<unknown>): number {
  let number = 0;
  for (const _ of all) number++;
  return number;
}
