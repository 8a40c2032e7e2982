import type { AdminOperations } from '../../domain/admin.js';
import type { Admin } from '../admin.js';
import type { Commands } from '../command.js';
import { OwnerView } from '../owner-view.js';
import { auditReport, isoTime } from '../reports.js';
import { byOwner, MAX_PAGE, nothing, PAGE } from '../request-parts.js';
import { statusOf } from '../status.js';

/** How the hub is, whose it is, and what happened. */
export const hubCommands: Commands<'status' | 'doctor' | 'owner' | 'setup-code' | 'audit'> = {
  status: { read: nothing, run: statusOf },
  doctor: { read: nothing, run: async ({ hub }) => ({ findings: await hub.doctor() }) },
  owner: {
    read: nothing,
    run: ({ owners, accounts }) => {
      const all = owners.local();
      return { owners: all, setupCode: all.length > 0 ? null : newSetupCode(accounts) };
    },
  },
  'setup-code': { read: nothing, run: ({ accounts }) => newSetupCode(accounts) },
  audit: {
    read: (body) => ({ limit: body.whole('limit', 1, PAGE, MAX_PAGE), ...byOwner(body) }),
    run: (admin, { limit = PAGE, owner }) => {
      const view = new OwnerView(admin, owner);
      const seen = admin.audit.last(owner === undefined ? limit : MAX_PAGE);
      const entries = seen.filter((entry) => view.showsEntry(entry)).slice(-limit);
      return { entries: entries.map(auditReport) };
    },
  },
};

function newSetupCode({ setupCode }: Admin['accounts']): AdminOperations['setup-code']['answer'] {
  const { code, expiresAt } = setupCode.issue();
  return { code, expiresAt: isoTime(expiresAt) };
}
