/** What the bench asks of the load generator, which runs in its own process so that it shares no core with the hub. */
export interface Jobs {
  /** Opens connections as a group. Rejects if one cannot be opened. */
  open: { request: Open; answer: Opened };
  /** One request on each connection of a group, in its order; the replies as they came. */
  ask: { request: Ask; answer: readonly string[] };
  /** Lets each connection of a group answer requests of others. */
  answer: { request: { readonly group: string; readonly payload: string }; answer: null };
  /** Keeps requests in flight on all connections of a group and counts the replies. */
  pump: { request: Pump; answer: Pumped };
  /** Requests one by one; how long each took, in milliseconds. */
  line: { request: Line; answer: readonly number[] };
  /** Closes a group's connections. */
  close: { request: { readonly group: string }; answer: null };
}

/** Where to connect to. `raw` is a bare TCP stream of stanzas without a login. */
export interface Target {
  readonly port: number;
  readonly domain: string;
  readonly transport: 'raw' | 'plain' | 'tls';
}

/** Connections that log in as `PREFIX0` and so on. */
export interface Open {
  readonly group: string;
  readonly target: Target;
  readonly prefix: string;
  readonly count: number;
  readonly password: string;
  /** How many are opened at the same time. */
  readonly parallel: number;
}

/** Connections that are open. */
export interface Opened {
  readonly seconds: number;
  /** Full JIDs, in the order of the accounts. */
  readonly jids: readonly string[];
}

/**
 * The text of a request, in which `{id}`, `{n}` (a number that no other request has), `{i}` (the connection's place in
 * its group) and `{to}` (its own of `Pump.to`) are replaced.
 */
export type Template = string;

/** One request on each connection. */
export interface Ask {
  readonly group: string;
  readonly template: Template;
}

/** Many requests on each connection. */
export interface Pump {
  readonly group: string;
  readonly template: Template;
  /** Requests in flight on each connection. */
  readonly window: number;
  /** To whom each connection sends, in their order. */
  readonly to?: readonly string[];
  /** What `{payload}` of the template stands for, in turn. */
  readonly payloads?: readonly string[];
  /** Text that every good reply holds, with single quotes for quotes. */
  readonly expect: string;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The process that serves, to tell its CPU time. */
  readonly pid: number;
  /** A file whose growth is told, in bytes. */
  readonly growing?: string;
}

/** What was counted in the time that was measured. */
export interface Pumped {
  readonly replies: number;
  readonly seconds: number;
  /** Replies that were not what was expected, also while warming up. */
  readonly failures: number;
  readonly firstFailure: string;
  /** From request to reply, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time that the serving process used, in seconds. */
  readonly cpu: number;
  /** By how much the file grew that was to be watched. */
  readonly grown: number;
}

/** Requests one after another on a group's first connection, each sent when the one before is answered. */
export interface Line {
  readonly group: string;
  readonly template: Template;
  /** What `{payload}` stands for. */
  readonly payloads: readonly string[];
  /** Text that every good reply holds, with single quotes for quotes. Rejects where one does not. */
  readonly expect: string;
}

/** A job on its way to the generator. */
export interface JobMessage {
  readonly number: number;
  readonly name: keyof Jobs;
  readonly request: unknown;
}

/** What became of a job. */
export type JobResult =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: string };
