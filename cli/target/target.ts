import type { AwsAccess } from "../aws/aws-access.ts";

/** The deployment that a command talks to. */
export interface Target {
  /** As shown on stderr, such as `local` or `dev`. */
  readonly name: string;
  /** Ends in `/api/v1`. */
  readonly apiUrl: string;
  /** A token for `Authorization: Bearer`. @throws CliError AUTH */
  readonly token: () => Promise<string>;
  /** The same for what only operators may do; locally that is another user. @throws CliError AUTH */
  readonly operatorToken: () => Promise<string>;
  /** The stage, when it is one in an AWS account; undefined for the local stack, and for an address without a stage. */
  readonly deployedStage?: string | undefined;
  /** Milliseconds by which its clock runs ahead of this machine's. @default 0 */
  readonly aheadMs?: number | undefined;
  /** The deployment's own AWS resources. @throws CliError USAGE when only the API's address is known */
  readonly aws: () => Promise<AwsAccess>;
}

/** Options that every command takes. */
export interface TargetOptions {
  readonly stage?: string | undefined;
  readonly profile?: string | undefined;
}
