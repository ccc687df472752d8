/** What a deploy does to one resource. */
export interface ResourceChange {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** `kept` leaves the stack and stays in the account; `may be replaced` depends on values that only AWS knows. */
  readonly action: "added" | "changed" | "replaced" | "may be replaced" | "removed" | "kept";
  /** Whether it holds what people or programs put there. */
  readonly stateful: boolean;
  /** Properties that are otherwise. */
  readonly properties: readonly string[];
}

/** Resource types that hold data, messages, people or keys to them. */
const STATEFUL: ReadonlySet<string> = new Set([
  "AWS::DynamoDB::Table",
  "AWS::DynamoDB::GlobalTable",
  "AWS::S3::Bucket",
  "AWS::Cognito::UserPool",
  "AWS::SecretsManager::Secret",
  "AWS::KMS::Key",
  "AWS::SQS::Queue",
  "AWS::Events::Archive",
]);

export const isStateful = (type: string): boolean => STATEFUL.has(type);

const LOSES: readonly ResourceChange["action"][] = ["replaced", "may be replaced", "removed"];

/** Changes after which what a stateful resource holds is gone, or is no longer the stage's. */
export const losesState = ({ stateful, action }: ResourceChange): boolean => stateful && LOSES.includes(action);

/** Changes that people must see first: stateful resources that are replaced, removed or left behind. */
export const concernsState = (change: ResourceChange): boolean =>
  losesState(change) || (change.stateful && change.action === "kept");
