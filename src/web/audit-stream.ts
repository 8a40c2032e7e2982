import type { ServerResponse } from 'node:http';
import type { AuditEntry } from '../domain/audit.js';
import type { Admin } from './admin.js';
import { auditReport } from './reports.js';

/** Bytes that may wait for a reader; one that is slower is dropped. */
const MAX_WAITING = 1_048_576;

/** Sends the last `lines` lines of the audit and then each as it is written, until the reader goes. */
export function followAudit(audit: Admin['audit'], lines: number, response: ServerResponse): void {
  const send = (entry: AuditEntry): void => {
    if (response.destroyed) return;
    response.write(`${JSON.stringify(auditReport(entry))}\n`);
    if (response.writableLength > MAX_WAITING) response.destroy();
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  if (lines > 0) for (const entry of audit.last(lines)) send(entry);
  const stop = audit.follow(send);
  response.once('close', stop);
}
