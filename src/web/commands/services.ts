import type { OfService, ServiceDetailReport } from '../../domain/admin-services.js';
import type { ByOwner } from '../../domain/by-owner.js';
import type { ServiceEdit } from '../../domain/service-edit.js';
import type { Admin } from '../admin.js';
import type { Arguments } from '../arguments.js';
import type { Commands } from '../command.js';
import { fingerprintOf, knownService } from '../read-subject.js';
import { byOwner, nothing } from '../request-parts.js';
import { serviceDetailReport, serviceReport, shownService } from '../service-reports.js';

/** Most conditions of one rule in a request; the service that keeps it has its own limit. */
const MOST_CONDITIONS = 64;

const ofService = (body: Arguments) => ({ service: body.text('service'), ...byOwner(body) });
const ofRule = (body: Arguments) => ({ ...ofService(body), id: body.text('id') });

type Operations =
  | 'services'
  | 'services-show'
  | 'services-name'
  | 'services-rule'
  | 'services-remove'
  | 'services-move'
  | 'services-forget';

/** Services, and who may use them. */
export const serviceCommands: Commands<Operations> = {
  services: {
    read: nothing,
    run: ({ services: { list } }) => ({
      services: list.run().map(serviceReport),
      overlooked: list.overlooked(),
    }),
  },
  'services-show': {
    read: (body) => ({ service: body.text('service') }),
    run: (admin, { service }) =>
      serviceDetailReport(shownService(admin, knownService(admin, service).identity)),
  },
  'services-name': {
    read: (body) => ({ fingerprint: body.text('fingerprint'), name: body.text('name'), ...byOwner(body) }),
    run: async (admin, { fingerprint, name, owner }) => {
      const identity = admin.services.known.find(fingerprint)?.identity ?? fingerprintOf(admin, fingerprint);
      await edited(admin, identity, { kind: 'name', name }, owner);
      return serviceReport(shownService(admin, identity));
    },
  },
  'services-rule': {
    read: (body) => {
      const at = body.optionalWhole('at', 1);
      return {
        ...ofService(body),
        allow: body.flag('allow'),
        conditions: body.texts('conditions', MOST_CONDITIONS),
        ...(at !== undefined && { at }),
      };
    },
    run: (admin, { allow, conditions, at, ...request }) =>
      change(admin, request, { kind: 'add-rule', allow, conditions, ...(at !== undefined && { at }) }),
  },
  'services-remove': {
    read: ofRule,
    run: (admin, { id, ...request }) => change(admin, request, { kind: 'remove-rule', id }),
  },
  'services-move': {
    read: (body) => ({ ...ofRule(body), at: body.whole('at', 1) }),
    run: (admin, { id, at, ...request }) => change(admin, request, { kind: 'move-rule', id, at }),
  },
  'services-forget': {
    read: (body) => ({ ...ofService(body), privileges: body.flag('privileges') }),
    run: async (admin, { service, privileges = false, owner }) => {
      const { identity } = knownService(admin, service);
      const before = serviceReport(shownService(admin, identity));
      await edited(admin, identity, { kind: privileges ? 'forget-privileges' : 'forget' }, owner);
      return before;
    },
  },
};

/** Changes a service in an owner's name: the one named, the one who set it up, or the only one. */
export async function edited(
  { services, owners }: Admin,
  identity: string,
  edit: ServiceEdit,
  named: string | undefined,
): Promise<void> {
  const by = services.known.get(identity)?.by;
  const its = by !== undefined && owners.mayOwn(by) ? by : undefined;
  await services.edit.run(identity, edit, owners.actingOwner(named ?? its));
}

async function change(
  admin: Admin,
  { service, owner }: ByOwner & OfService,
  edit: ServiceEdit,
): Promise<ServiceDetailReport> {
  const { identity } = knownService(admin, service);
  await edited(admin, identity, edit, owner);
  return serviceDetailReport(shownService(admin, identity));
}
