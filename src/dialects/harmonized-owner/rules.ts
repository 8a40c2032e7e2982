import { HubError } from '../../domain/errors.js';
import type { FriendQuestion, Origin } from '../../domain/owner-commands.js';
import { type Element, element } from '../../xmpp/element.js';
import { readCategories, writeCategories } from '../categories.js';
import { type NamedKind, PartReader, readPartial, writeNames, writeNodes } from '../named-parts.js';
import { type HarmonizedGeneration, ownerNs } from '../namespaces.js';
import { childElements, requiredBoolean, unexpected } from '../read.js';
import type { Row } from '../row.js';
import { readAbout, writeAbout } from './about.js';
import { oneNode } from './one-node.js';
import { isOrigin, readOrigin, readRange, writeOrigin, writeRange } from './origin.js';

/** What all answers of owners have in common: a result without content says that it is done. */
const ANSWERED = {
  kind: 'iq',
  types: ['set'],
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
} as const;

/** The owner's answer about a friendship. */
export function friendRule(generation: HarmonizedGeneration): Row<'friend-rule'> {
  const ns = ownerNs[generation];
  return {
    ...ANSWERED,
    operation: 'friend-rule',
    generation,
    ns,
    name: 'isFriendRule',
    readRequest: (payload) => ({
      ...readAbout(payload),
      allow: requiredBoolean(payload, 'result'),
      range: readRange(payload),
    }),
    writeRequest: (rule) =>
      element('isFriendRule', ns, {
        ...writeAbout(rule),
        result: String(rule.allow),
        ...writeRange(rule.range),
      }),
  };
}

/** The owner's answer about reading. */
export function readRule(generation: HarmonizedGeneration): Row<'read-rule'> {
  const ns = ownerNs[generation];
  return {
    ...ANSWERED,
    operation: 'read-rule',
    generation,
    ns,
    name: 'canReadRule',
    readRequest: (payload) => {
      const { partial, ...rule } = readRuleParts(payload);
      return partial === undefined ? rule : { ...rule, part: fieldsIn(partial) };
    },
    writeRequest: (rule) => {
      const partial =
        rule.part &&
        element(
          'partial',
          ns,
          writeCategories(rule.part.categories, generation, 'refuse'),
          ...writeNames(rule.part.fields, 'field', 'short', ns),
        );
      return writeRule('canReadRule', rule, partial, generation);
    },
  };
}

/** The owner's answer about control. */
export function controlRule(generation: HarmonizedGeneration): Row<'control-rule'> {
  const ns = ownerNs[generation];
  return {
    ...ANSWERED,
    operation: 'control-rule',
    generation,
    ns,
    name: 'canControlRule',
    readRequest: (payload) => {
      const { partial, ...rule } = readRuleParts(payload);
      return partial === undefined ? rule : { ...rule, parameters: parametersIn(partial) };
    },
    writeRequest: (rule) => {
      const names = rule.parameters && writeNames(rule.parameters, 'parameter', 'short', ns);
      return writeRule('canControlRule', rule, names && element('partial', ns, {}, ...names), generation);
    },
  };
}

type AnyRule = Omit<ReturnType<Row<'control-rule'>['readRequest']>, 'parameters'>;

/** At most one node, at most one part, and exactly one origin. */
function readRuleParts(payload: Element): AnyRule & { readonly partial?: Element } {
  const about = readAbout(payload);
  const reader = new PartReader('field');
  let partial: Element | undefined;
  let origin: Origin | undefined;
  for (const child of childElements(payload)) {
    if (child.ns !== payload.ns) throw unexpected(payload, child);
    if (isOrigin(child)) {
      if (origin !== undefined) throw new HubError('bad-request', 'An answer applies to one origin.');
      origin = readOrigin(child, about.remote);
    } else if (child.name === 'partial' && partial === undefined) partial = child;
    else if (!reader.node(child)) throw unexpected(payload, child);
  }
  if (origin === undefined)
    throw new HubError(
      'bad-request',
      'An answer says to whom it applies: fromJid, fromDomain, all, and so on.',
    );
  const allow = requiredBoolean(payload, 'result');
  return { ...about, allow, ...oneNode(reader.nodes), origin, ...(partial === undefined ? {} : { partial }) };
}

function writeRule(
  name: string,
  rule: AnyRule & FriendQuestion,
  partial: Element | undefined,
  generation: HarmonizedGeneration,
): Element {
  const ns = ownerNs[generation];
  return element(
    name,
    ns,
    { ...writeAbout(rule), result: String(rule.allow) },
    ...(rule.node === undefined ? [] : writeNodes([rule.node], generation, ns)),
    partial,
    writeOrigin(rule.origin, rule.remote, ns),
  );
}

/** A part that names neither categories nor fields could mean all or nothing. */
function fieldsIn(partial: Element) {
  const categories = readCategories(partial);
  const fields = namesIn(partial, 'field');
  if (categories.length === 0 && fields.length === 0) throw emptyPart();
  return { categories, fields };
}

function parametersIn(partial: Element): readonly string[] {
  const parameters = namesIn(partial, 'parameter');
  if (parameters.length === 0) throw emptyPart();
  return parameters;
}

function namesIn(partial: Element, kind: NamedKind): readonly string[] {
  const reader = new PartReader(kind);
  readPartial(partial, reader);
  return reader.names;
}

function emptyPart(): HubError {
  return new HubError('bad-request', '<partial/> names what is allowed. To answer about all, leave it out.');
}
