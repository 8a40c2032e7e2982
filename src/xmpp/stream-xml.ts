import { element } from './element.js';
import { escapeAttribute } from './escape.js';
import { NS } from './namespaces.js';
import { serialize } from './serialize.js';
import type { StreamHeader } from './stream.js';

/** The end of a stream. */
export const STREAM_END = '</stream:stream>';

/** The XML declaration and the start of a stream (RFC 6120 §4.7). */
export function headerXml(header: StreamHeader): string {
  const { from, to, id, version, lang, ns } = header;
  let xml = `<?xml version='1.0'?><stream:stream xmlns='${escapeAttribute(ns)}' xmlns:stream='${NS.streams}'`;
  for (const [name, value] of Object.entries({ from, to, id, version, 'xml:lang': lang })) {
    if (value !== undefined) xml += ` ${name}='${escapeAttribute(value)}'`;
  }
  return `${xml}>`;
}

/** A stream error (RFC 6120 §4.9.2). */
export function streamErrorXml(condition: string, text: string | undefined): string {
  const children = [element(condition, NS.streamErrors)];
  if (text !== undefined) children.push(element('text', NS.streamErrors, { 'xml:lang': 'en' }, text));
  return serialize(element('error', NS.streams, {}, ...children), NS.client, true);
}
