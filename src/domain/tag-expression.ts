import { MAX_NAME, shorten } from './discovery-text.js';
import { HubError } from './errors.js';
import { KEY, type Tag, tagName, tagSet } from './tag.js';
import { readTypedValue } from './typed-value.js';

/**
 * The changes that `TAG=VALUE` expressions ask for: `TAG=` takes a tag away, `#TAG=5` is a number, `TAG="5"` a text.
 * Where nothing tells which, a value that looks like a number is what the tag is in `present`, and a number if it is
 * new. Throws bad-request, saying what is wrong in which expression. `maximum` is the longest name, in characters.
 */
export function readTagChanges(
  expressions: readonly string[],
  present: readonly Tag[],
  maximum = MAX_NAME,
): readonly Tag[] {
  if (expressions.length === 0)
    throw new HubError('bad-request', 'Say what to change, as in ROOM=kitchen; ROOM= takes it away.');
  return tagSet(expressions.map((expression) => readChange(expression, present, maximum)));
}

function readChange(expression: string, present: readonly Tag[], maximum: number): Tag {
  const [, hash, name = '', value] = /^(#?)([^=]*)=(.*)$/su.exec(expression) ?? [];
  try {
    if (value === undefined) throw new HubError('bad-request', 'It has no "=".');
    const tag = tagName(name, maximum);
    if (tag === KEY) throw new HubError('bad-request', 'KEY is between a thing and its next owner.');
    if (value === '') return { name: tag, value: '' };
    const [likely, other] = readTypedValue(value, tag, hash === '#');
    const type = typeof present.find((known) => known.name === tag)?.value;
    return { name: tag, value: other !== undefined && typeof other === type ? other : likely };
  } catch (cause) {
    if (!(cause instanceof HubError)) throw cause;
    throw new HubError(
      'bad-request',
      `"${shorten(expression)}": ${cause.message} Write it as in ROOM=kitchen, #FLOOR=2 or ROOM=.`,
      { cause },
    );
  }
}
