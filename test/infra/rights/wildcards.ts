import type { Statement } from "../../helpers/iam/statements.ts";

/** A wildcard that a policy may have, and why. */
export interface AllowedWildcard {
  /** What the resource looks like, whole; account, region and names of the stage as tests resolve them. */
  readonly resource: RegExp;
  /** The only actions that may go with it. */
  readonly actions: readonly string[];
  readonly reason: string;
}

/** The short list. Every entry is used; an entry whose use is gone fails a test. */
export const ALLOWED_WILDCARDS: readonly AllowedWildcard[] = [
  {
    resource: /^arn:aws:s3:::catalog-bucket\/(uploads|catalogs|exports|raw)\/\*$/,
    actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"],
    reason: "Objects come and go: the right ends at one prefix of the stage's own bucket.",
  },
  {
    resource: /^arn:aws:dynamodb:[^:*]+:[^:*]+:table\/[^*/]+\/stream\/\*$/,
    actions: ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map((action) => `dynamodb:${action}`),
    reason: "A stream has the moment of its making in its name: the right ends at those of one table.",
  },
  {
    resource: /^arn:aws:execute-api:[^:*]+:[^:*]+:live-api\/live\/(POST|DELETE)\/@connections\/\*$/,
    actions: ["execute-api:ManageConnections"],
    reason: "Connections come and go: the right ends at those of the stage's own WebSocket API, by method.",
  },
  {
    resource: /^arn:aws:secretsmanager:[^:*]+:[^:*]+:secret:enrichline\/[a-z]+\/[a-z-]+-\?{6}$/,
    actions: ["secretsmanager:GetSecretValue"],
    reason: "Secrets Manager ends an ARN with six characters of its own: each is one secret of one source.",
  },
  {
    resource: /^arn:aws:logs:[^:*]+:[^:*]+:log-group:[^:*]+:\*$/,
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    reason: "Log streams are made by Lambda as it goes: the right ends at the function's own log group.",
  },
];

const isWild = (text: string): boolean => /[*?]/.test(text);

const fits = (entry: AllowedWildcard, { Action = [] }: Statement, resource: string): boolean =>
  entry.resource.test(resource) && Action.every((action) => entry.actions.includes(action));

/** The entry that lets a statement have a wildcard in one of its resources. */
export const entryFor = (statement: Statement, resource: string): AllowedWildcard | undefined =>
  ALLOWED_WILDCARDS.find((entry) => fits(entry, statement, resource));

/** What is too wide in an allowing statement; empty when nothing is. Denying more than needed harms nobody. */
export const tooWide = (statement: Statement): string[] => {
  if (statement.Effect === "Deny") return [];
  const { Action = [], Resource = [], NotAction, NotResource } = statement;
  return [
    ...(NotAction === undefined ? [] : [`all actions but ${NotAction.join(", ")}`]),
    ...(NotResource === undefined ? [] : [`all resources but ${NotResource.join(", ")}`]),
    ...Action.filter(isWild).map((action) => `actions ${action}`),
    ...Resource.filter((resource) => isWild(resource) && entryFor(statement, resource) === undefined).map(
      (resource) => `${Action.join(", ")} on ${resource}`,
    ),
    ...(Action.includes("s3:ListBucket") && statement.Condition.StringLike?.["s3:prefix"] === undefined
      ? ["s3:ListBucket without a prefix"]
      : []),
  ];
};
