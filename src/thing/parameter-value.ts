import { type Setting, writeParamError } from '../dialects/xep0325.js';
import { boundsOf, type ParameterShape } from '../domain/parameter.js';
import { DetailedRefusal } from '../xmpp/stanza.js';

/** The value of a setting for its parameter. Throws bad-request with paramError [0325 3.1.3]. */
export function parameterValue(setting: Setting, parameter: ParameterShape): boolean | number | string {
  if (setting.type !== undefined && setting.type !== parameter.type)
    throw parameterRefused(setting.name, 'Invalid parameter type.');
  const { text } = setting;
  if (parameter.type === 'string') return text;
  if (parameter.type === 'boolean') {
    if (/^(true|1)$/.test(text)) return true;
    if (/^(false|0)$/.test(text)) return false;
    throw parameterRefused(setting.name, 'Invalid parameter value.');
  }
  const pattern = parameter.type === 'int' ? /^[+-]?\d{1,10}$/ : /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
  const value = pattern.test(text) ? Number(text) : Number.NaN;
  const { min, max } = boundsOf(parameter);
  if (!Number.isFinite(value) || value < min || value > max)
    throw parameterRefused(setting.name, 'Invalid parameter value.');
  return value;
}

/** The refusal of one parameter. */
export function parameterRefused(name: string, text: string): DetailedRefusal {
  return new DetailedRefusal('bad-request', `${name}: ${text}`, writeParamError(name, text));
}
