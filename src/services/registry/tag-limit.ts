import { HubError } from '../../domain/errors.js';
import { predefinedTags } from '../../domain/predefined-tags.js';
import type { Tag } from '../../domain/tag.js';

/** Refuses with limit-reached more tags than a thing may have; the predefined ones are always accepted [0347 5.2]. */
export function checkTagCount(tags: readonly Tag[], maximum: number): void {
  const own = tags.filter(({ name }) => !predefinedTags.has(name)).length;
  if (own > maximum)
    throw new HubError('limit-reached', `A thing has at most ${maximum} tags beside the predefined ones.`);
}
