/** What things and owners say to the registry in the namespace of the Neuro-Foundation. */
export const NS = 'urn:nf:iot:disco:1.0';

/** The thing that the stories are about. */
export const LAMP = 'lamp@pronto.local';

export const tags = (key: string) => `<str name='SN' value='1'/><str name='KEY' value='${key}'/>`;

export const register = (key: string, node = '') => `<register xmlns='${NS}' ${node}>${tags(key)}</register>`;
export const mine = (key: string, attributes = '') => `<mine xmlns='${NS}' ${attributes}>${tags(key)}</mine>`;

/** `remove` or `disown`. */
export const about = (name: string, node = '') => `<${name} xmlns='${NS}' jid='${LAMP}' ${node}/>`;
export const update = (content: string, attributes = '') =>
  `<update xmlns='${NS}' ${attributes}>${content}</update>`;
export const clearCache = "<clearCache xmlns='urn:nf:iot:prov:d:1.0'/>";
