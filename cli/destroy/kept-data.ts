/** Something that holds what people or programs put there, and outlives the stacks. */
export interface DataResource {
  readonly kind: "table" | "bucket" | "user pool" | "secret" | "queue" | "log group";
  /** By which its service knows it. */
  readonly id: string;
  readonly arn: string;
}

/** How much it holds. */
export interface MeasuredResource extends DataResource {
  /** In words, such as "about 1,200 items, 3.4 MB". */
  readonly holds: string;
  /** What it costs a month by list prices while it is kept, in dollars. */
  readonly usd: number;
  /** Whether its stack takes it along; else it stays in the account until it is deleted by itself. */
  readonly leavesWithStack: boolean;
}

/** Services by the third part of an ARN, each with what its data is called there. */
const KINDS: readonly { kind: DataResource["kind"]; pattern: RegExp }[] = [
  { kind: "table", pattern: /^arn:[^:]+:dynamodb:[^:]*:\d+:table\/([^/]+)$/ },
  { kind: "bucket", pattern: /^arn:[^:]+:s3:::([^/]+)$/ },
  { kind: "user pool", pattern: /^arn:[^:]+:cognito-idp:[^:]*:\d+:userpool\/([^/]+)$/ },
  // Secrets Manager adds a hyphen and six characters to the name.
  { kind: "secret", pattern: /^arn:[^:]+:secretsmanager:[^:]*:\d+:secret:(.+)-[^-]{6}$/ },
  { kind: "queue", pattern: /^arn:[^:]+:sqs:[^:]*:\d+:([^:]+)$/ },
  { kind: "log group", pattern: /^arn:[^:]+:logs:[^:]*:\d+:log-group:([^:]+)(?::\*)?$/ },
];

/** What an ARN is of; undefined for what holds no data. */
export const dataResourceOf = (arn: string): DataResource | undefined => {
  for (const { kind, pattern } of KINDS) {
    const [, id] = pattern.exec(arn) ?? [];
    if (id !== undefined) return { kind, id, arn };
  }
  return undefined;
};
