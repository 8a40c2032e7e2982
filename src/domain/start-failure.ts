/** Why a hub cannot start, in kinds that scripts and packagers can tell apart by the exit code. */
export type StartFailureReason =
  /** A port, or the data folder, is in use by another program. */
  | 'in-use'
  /** The data is damaged so that not even safe mode can open it. */
  | 'damaged'
  /** The data folder cannot be written. */
  | 'not-writable'
  /** The data was written by a newer version. */
  | 'newer-data';

/** The hub cannot start. The message tells a person what to do. */
export class StartFailure extends Error {
  readonly reason: StartFailureReason;

  constructor(reason: StartFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
    this.reason = reason;
  }
}
