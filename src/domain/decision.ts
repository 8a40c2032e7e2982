import { compareBoxes, largestBox } from './decision-box.js';
import { Frame } from './decision-frame.js';
import { type Box, listOf } from './decision-grid.js';
import { Painting } from './decision-painting.js';
import type { RuleSet } from './decision-rule-set.js';
import type { Moment } from './decision-time.js';
import type { TokenSubject } from './rule.js';

/** The nodes of a device by numbers. */
export interface NodeNumbers {
  /** Another one where a number may mean another node. */
  readonly id: number;
  /** Bare JIDs of the nodes' owners, those of their devices where nobody else owns them. */
  readonly owners: readonly (string | undefined)[];
  /** The number of a node, by its `nodeKey`; `undefined` where it has none. */
  numberOf(key: string): number | undefined;
}

/** A node, by its place among the nodes, that has no other name than one which means further nodes as well [0324 6.5]. */
export interface VagueNode {
  readonly node: number;
  readonly others: readonly number[];
}

/** What is asked for, of one device. */
export interface AccessRequest {
  /** Numbers of nodes, without repeats, in the order of the request. */
  readonly nodes: readonly number[];
  /** Numbers of nodes that a part of the request could mean too, and that count for nothing. */
  readonly shadows: readonly number[];
  /** What gives numbers to the device, 0, and to the nodes that are registered behind it. */
  readonly registered: NodeNumbers;
  /** The same for further nodes of this request; `undefined` where all are registered. */
  readonly unregistered: Pick<NodeNumbers, 'numberOf'> | undefined;
  /** Nodes whose names mean others too: they are granted only together with these. */
  readonly vague: readonly VagueNode[];
  /** In the order of the request; what is named twice counts twice. */
  readonly names: readonly string[];
  /** Whether all names are asked for, and `names` are those that can be said. */
  readonly every: boolean;
  /** One bit for each category. */
  readonly layers: number;
}

/** Rules that decide together: those about the caller's address, or those about one of his tokens [0324 3.1.5]. */
export interface Authority {
  /** `undefined` for the caller's address. */
  readonly token: TokenSubject | undefined;
  /** Those that cover the caller, of one kind and device, in any order. */
  readonly sets: readonly RuleSet[];
}

/** What a decision rests on beside rules. */
export interface AccessFacts {
  /** Bare JID of the caller: what he owns he may read and control. */
  readonly caller: string;
  readonly moment: Moment;
  /** Whether `by` decides about what `owner` has. */
  decides(by: string, owner: string): boolean;
}

/** What one authority grants. */
export interface Grant {
  readonly authority: Authority;
  readonly painting: Painting;
  readonly box: Box | undefined;
}

/** What is granted, and what no rule speaks of. */
export interface AccessOutcome {
  readonly frame: Frame;
  /** Of the authority that grants most; without a box where none grants anything. */
  readonly best: Grant | undefined;
  /** All authorities that were asked, in their order. */
  readonly grants: readonly Grant[];
  /** Places of the nodes about which no rule says anything. */
  readonly silent: readonly number[];
}

/**
 * Decides about reading or control: within one authority a denial takes away what it covers, of several authorities
 * the most forgiving answers alone [0324 3.1.5], and the answer is a box inside what it grants. Names and nodes that
 * nobody mentions are granted by rules for all alone.
 */
export function decideAccess(
  request: AccessRequest,
  authorities: readonly Authority[],
  facts: AccessFacts,
): AccessOutcome {
  const frame = new Frame(request, authorities);
  const spoken = listOf(frame.owners.length, false);
  const grants: Grant[] = [];
  let best: Grant | undefined;
  for (let place = 0; place < authorities.length; place++) {
    const authority = authorities[place];
    const seats = frame.seats[place];
    if (authority === undefined || seats === undefined) continue;
    const painting = new Painting(frame, seats, authority, facts, spoken);
    const box = largestBox(painting);
    const grant = { authority, painting, box };
    grants.push(grant);
    if (best === undefined || better(box, best.box)) best = grant;
  }
  return { frame, best, grants, silent: silentOnes(frame, spoken) };
}

function better(box: Box | undefined, than: Box | undefined): boolean {
  return box !== undefined && (than === undefined || compareBoxes(box, than) < 0);
}

function silentOnes({ rows, rowOf }: Frame, spoken: readonly boolean[]): readonly number[] {
  const silent: number[] = [];
  if (rows.every((_, row) => spoken[row])) return silent;
  for (let place = 0; place < rowOf.length; place++) if (!spoken[rowOf[place] ?? 0]) silent.push(place);
  return silent;
}
