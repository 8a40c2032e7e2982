import type { CanControl, CanControlAnswer, CanRead, CanReadAnswer } from '../../domain/access.js';
import type { AccessDecisions } from './access-decisions.js';
import { DecideAccess, type DecideAccessParts } from './decide-access.js';

/** A thing asks what a caller may read [0324 3.3]. */
export function canReadOf(
  decisions: AccessDecisions,
  parts: DecideAccessParts,
): DecideAccess<CanRead, CanReadAnswer> {
  return new DecideAccess(
    {
      kind: 'read',
      decide: (device, command, who) => decisions.read(device, command, who),
      refusal: ({ jid, categories, nodes, fields }) => ({ jid, result: false, categories, nodes, fields }),
      wants: ({ categories, fields, tokens }) => ({ categories, names: fields, tokens }),
    },
    parts,
  );
}

/** A thing asks what a caller may control [0324 3.4]. */
export function canControlOf(
  decisions: AccessDecisions,
  parts: DecideAccessParts,
): DecideAccess<CanControl, CanControlAnswer> {
  return new DecideAccess(
    {
      kind: 'control',
      decide: (device, command, who) => decisions.control(device, command, who),
      refusal: ({ jid, nodes, parameters, spelling }) => ({
        jid,
        result: false,
        nodes,
        parameters,
        spelling,
      }),
      wants: ({ parameters, tokens }) => ({ categories: [], names: parameters, tokens }),
    },
    parts,
  );
}
