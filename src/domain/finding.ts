/** How bad a finding is: a `warning` may cost the owner something some day, a `problem` does so now. */
export type Severity = 'ok' | 'warning' | 'problem';

/** One thing that the hub found out about itself and its network. */
export interface Finding {
  readonly severity: Severity;
  /** What it is: a sentence for the owner. */
  readonly text: string;
  /** What to do about it: a sentence. */
  readonly advice?: string;
}
