import { categories } from '../domain/access.js';
import type { ScopeRequest } from '../domain/admin-provisioning.js';
import { readDaily } from '../domain/daily-part.js';
import { HubError } from '../domain/errors.js';
import { formatAddress, type NodeAddress, parseAddress } from '../domain/node-address.js';
import type { RuleKind } from '../domain/rule.js';
import type { DecisionScope } from '../services/owner/decide.js';
import type { Admin } from './admin.js';
import type { Arguments } from './arguments.js';

/** Most names, and most nodes, of one rule that is typed. */
const MOST_NAMES = 100;
const MOST_NODES = 100;

/** Longest name of a field or parameter, in characters. */
const LONGEST_NAME = 256;

/** Stands for the device with all that is behind it. */
const WHOLE_DEVICE = '*';

/** Reads the parts of a scope from a request. Throws bad-request. */
export function scopeArguments(body: Arguments): ScopeRequest {
  const parts = {
    nodes: body.optionalTexts('nodes', MOST_NODES),
    categories: body.optionalTexts('categories', categories.length)?.map(categoryOf),
    fields: body.optionalTexts('fields', MOST_NAMES),
    parameters: body.optionalTexts('parameters', MOST_NAMES),
    until: body.optionalText('until'),
    daily: body.optionalText('daily'),
  };
  // Only values that are undefined are left out, so what is left has the types of the request.
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as ScopeRequest;
}

/** Whether a request limits anything at all. */
export function isLimited(request: ScopeRequest): boolean {
  const { nodes, categories: listed, fields, parameters, until, daily } = request;
  return [nodes, listed, fields, parameters, until, daily].some((part) => part !== undefined);
}

/**
 * What a rule of this kind about a device (bare JID) covers. Throws bad-request for parts that its kind does not have, or
 * that name nothing, and for an end that is past.
 */
export function readScope(
  admin: Admin,
  kind: RuleKind,
  device: string,
  request: ScopeRequest,
): DecisionScope {
  const { nodes, categories: listed, until, daily } = request;
  checkKind(kind, request);
  const names = request.fields ?? request.parameters;
  for (const part of [nodes, listed, names]) if (part?.length === 0) throw refusal('A list is empty.');
  if (names?.some((name) => name === '' || name.length > LONGEST_NAME))
    throw refusal(`A name has 1 to ${LONGEST_NAME} characters.`);
  return {
    ...(nodes !== undefined && { nodes: nodesOf(device, nodes) }),
    ...(listed !== undefined && listed.length < categories.length && { categories: listed }),
    ...(names !== undefined && { names: [...new Set(names)] }),
    ...(until !== undefined && { until: endOf(admin, until) }),
    ...(daily !== undefined && { daily: readDaily(daily) }),
  };
}

function checkKind(kind: RuleKind, request: ScopeRequest): void {
  const { nodes, categories: listed, fields, parameters } = request;
  if (kind !== 'read' && (listed ?? fields) !== undefined)
    throw refusal(`Fields and their categories are for reading; this is about ${WORDS[kind]}.`);
  if (kind !== 'control' && parameters !== undefined)
    throw refusal(`Parameters are for control; this is about ${WORDS[kind]}.`);
  if (kind === 'friend' && nodes !== undefined)
    throw refusal('Friendship is with the whole account: it has no nodes.');
}

const WORDS: Record<RuleKind, string> = { friend: 'friendship', read: 'reading', control: 'control' };

function categoryOf(text: string) {
  const category = categories.find((known) => known === text);
  if (category === undefined) throw refusal(`"${text}" is no category of fields.`);
  return category;
}

/** Each once: a rule about a node that is named twice would take the place of itself. */
function nodesOf(device: string, texts: readonly string[]): readonly NodeAddress[] {
  const nodes = texts.map((text) => nodeOf(device, text));
  return [...new Map(nodes.map((node) => [formatAddress(node), node])).values()];
}

function nodeOf(jid: string, text: string): NodeAddress {
  if (text === WHOLE_DEVICE) return { jid, nodeId: '', sourceId: '', cacheType: '' };
  const address = { ...parseAddress(`${jid}#${text}`), jid };
  if (address.nodeId === '') throw refusal('A node has a name.');
  return address;
}

function endOf(admin: Admin, text: string): number {
  const until = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) throw refusal(`"until" must be a time in UTC, such as 2026-12-24T18:00:00Z.`);
  const now = admin.hub.time();
  if (now === undefined) throw new HubError('time-unknown');
  if (until <= now) throw refusal('This rule would be over already.');
  return until;
}

function refusal(text: string): HubError {
  return new HubError('bad-request', text);
}
