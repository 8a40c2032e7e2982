import type { SeenPrivilege, ServiceRole, ServiceUser } from '../domain/service.js';
import { AuditTail } from '../storage/indexes/audit-tail.js';
import { CertificateIndex } from '../storage/indexes/certificate-index.js';
import { LinkThingIndex } from '../storage/indexes/link-thing-index.js';
import { MannerIndex } from '../storage/indexes/manner-index.js';
import { PinIndex } from '../storage/indexes/pin-index.js';
import { QuestionIndex } from '../storage/indexes/question-index.js';
import { RuleIndex } from '../storage/indexes/rule-index.js';
import { ServiceIndex } from '../storage/indexes/service-index.js';
import { ServicePartsIndex } from '../storage/indexes/service-parts-index.js';
import { SettingsIndex } from '../storage/indexes/settings-index.js';
import { ThingIndex } from '../storage/indexes/thing-index.js';
import { TokenIndex } from '../storage/indexes/token-index.js';
import { UserTokenIndex } from '../storage/indexes/user-token-index.js';
import { seenPrivileges, serviceRoles, serviceUsers } from '../storage/keys.js';
import type { Store } from '../storage/store.js';

/** What the services stand on: the records in memory as the store tells of them. */
export class Indexes {
  readonly things = new ThingIndex();
  readonly rules = new RuleIndex();
  readonly questions = new QuestionIndex();
  readonly audit = new AuditTail();
  readonly manners = new MannerIndex();
  readonly settings = new SettingsIndex();
  readonly tokens = new TokenIndex();
  readonly certificates = new CertificateIndex();
  readonly services = new ServiceIndex();
  readonly roles = new ServicePartsIndex<ServiceRole>(serviceRoles);
  readonly users = new ServicePartsIndex<ServiceUser>(serviceUsers);
  readonly privileges = new ServicePartsIndex<SeenPrivilege>(seenPrivileges);
  readonly userTokens = new UserTokenIndex();
  readonly pins = new PinIndex();
  readonly linkThings = new LinkThingIndex();

  /** Follows the store; before it starts. */
  follow(store: Store): void {
    store.follow(this.things);
    store.follow(this.rules);
    store.follow(this.questions);
    store.follow(this.audit);
    store.follow(this.manners);
    store.follow(this.settings);
    store.follow(this.tokens);
    store.follow(this.certificates);
    store.follow(this.services);
    store.follow(this.roles);
    store.follow(this.users);
    store.follow(this.privileges);
    store.follow(this.userTokens);
    store.follow(this.pins);
    store.follow(this.linkThings);
  }

  /** Whether anything in the records goes by this bare JID: then no stranger may get the name. */
  concern(jid: string): boolean {
    if (this.things.countOf(jid) > 0) return true;
    if (this.things.isOwner(jid)) return true;
    for (const rule of this.rules.all()) {
      if (rule.by === jid || (rule.subject.kind === 'jid' && rule.subject.jid === jid)) return true;
    }
    return false;
  }
}
