/** How much a peer may send in one first-level element of a stream, and how deep. */
export interface StreamLimits {
  /** Bytes of one first-level element, or of the stream's header. */
  readonly bytes: number;
  /** Elements in one first-level element. */
  readonly elements: number;
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Bytes of a name. */
  readonly name: number;
}

/** For peers that have not logged in. RFC 6120 §13.12 asks for no less than 10 000 bytes of authenticated peers only. */
export const beforeLogin: StreamLimits = { bytes: 8192, elements: 32, depth: 16, attributes: 32, name: 256 };

/** For peers that have. */
export const afterLogin: StreamLimits = {
  bytes: 262_144,
  elements: 2000,
  depth: 64,
  attributes: 256,
  name: 1024,
};
