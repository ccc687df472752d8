import type { IConstruct } from "constructs";

/** A finding of a rule pack of cdk-nag that we live with. */
export interface AcceptedFinding {
  /** Ids of the rules that say it, each with its pack, such as `AwsSolutions-S1`. */
  readonly rules: readonly string[];
  /** Why it is right as it is: a sentence. */
  readonly reason: string;
  /** The findings that are meant, where a rule has several about one resource. @default all of the rules */
  readonly only?: RegExp;
  /** What else it is made for, where a construct is made many times: one word for all of them in the inventory. @default the construct's path */
  readonly kind?: string;
}

/** Key of the metadata that accepted findings lie under. It is part of no template: a reason changes no deploy. */
export const ACCEPTED_FINDING = "enrichline:accepted-finding";

/**
 * Says beside a resource which findings about it are accepted, and why. `test/infra/nag/nag.test.ts` runs the packs on every stage, lists
 * what is accepted, and refuses what no rule finds any more.
 * @param construct the resource, or what it is a part of
 *
 * @example
 * acceptFinding(this.bucket, { rules: ["AwsSolutions-S1"], reason: "Every object is read by our own functions, which log it." });
 */
export const acceptFinding = (construct: IConstruct, ...accepted: readonly AcceptedFinding[]): void => {
  for (const finding of accepted) construct.node.addMetadata(ACCEPTED_FINDING, finding);
};

/** Queues and buckets of stage local, which take calls without TLS. */
export const NO_TLS: AcceptedFinding = {
  rules: ["AwsSolutions-S10", "AwsSolutions-SQS4", "NIST.800.53.R5-S3BucketSSLRequestsOnly"],
  kind: "stage local",
  reason: "The emulator speaks plain HTTP.",
};

/** Rules that ask for a secret that rotates by itself. */
export const ROTATES = ["AwsSolutions-SMG4", "NIST.800.53.R5-SecretsManagerRotationEnabled"] as const;
