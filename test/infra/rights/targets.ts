import * as z from "zod";
import { ACTIONS } from "./actions.ts";
import { ACCOUNT, type NamedResource, REGION, type ResolvedStage } from "./resolve-names.ts";

/** Something of a stage that a role may be let at, and all that could be done with it. */
export interface Target {
  /** Such as `table products` or `objects exports/`. */
  readonly label: string;
  readonly arn: string;
  /** Every action that AWS has for it, as far as it is listed, with the service in front. */
  readonly actions: readonly string[];
  /** The resource of the template that it is or belongs to; undefined for what belongs to somebody else. */
  readonly resource: NamedResource | undefined;
}

const PREFIXES = ["uploads", "catalogs", "exports", "raw"] as const;
const IndexesSchema = z.array(z.object({ IndexName: z.string() })).default([]);

const short = ({ name }: NamedResource, suffix: RegExp): string => name.replace(suffix, "");

const tableTargets = (table: NamedResource): Target[] => {
  const label = short(table, /-table$/);
  const indexes = IndexesSchema.parse(table.properties.GlobalSecondaryIndexes);
  return [
    { label: `table ${label}`, arn: table.arn, actions: ACTIONS.table, resource: table },
    ...indexes.map(({ IndexName }) => ({
      ...{ label: `table ${label}, index ${IndexName}`, arn: `${table.arn}/index/${IndexName}` },
      ...{ actions: ACTIONS.index, resource: table },
    })),
    ...(table.properties.StreamSpecification === undefined
      ? []
      : [
          {
            ...{ label: `table ${label}, stream`, arn: `${table.arn}/stream/2026-01-01T00:00:00.000` },
            ...{ actions: ACTIONS.stream, resource: table },
          },
        ]),
  ];
};

const bucketTargets = (bucket: NamedResource): Target[] => [
  { label: "bucket", arn: bucket.arn, actions: ACTIONS.bucket, resource: bucket },
  ...[...PREFIXES.map((prefix) => `${prefix}/`), ""].map((prefix) => ({
    ...{ label: `objects ${prefix || "elsewhere in the bucket"}`, arn: `${bucket.arn}/${prefix}one.ndjson` },
    ...{ actions: ACTIONS.object, resource: bucket },
  })),
];

/** What others in the same account may have: no right may reach it, however its name begins. */
const foreign = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const FOREIGN: readonly Target[] = [
  { label: "foreign table", arn: foreign("dynamodb", "table/products-table2"), actions: ACTIONS.table },
  { label: "foreign index", arn: foreign("dynamodb", "table/other/index/by-owner"), actions: ACTIONS.index },
  { label: "foreign queue", arn: foreign("sqs", "enrich-queue-messages2"), actions: ACTIONS.queue },
  { label: "foreign topic", arn: foreign("sns", "other"), actions: ACTIONS.topic },
  { label: "foreign bus", arn: foreign("events", "event-bus/default"), actions: ACTIONS.bus },
  {
    label: "foreign secret",
    arn: foreign("secretsmanager", "secret:enrichline/other/keepa-aB3dE6"),
    actions: ACTIONS.secret,
  },
  { label: "foreign function", arn: foreign("lambda", "function:other"), actions: ACTIONS.function },
  { label: "foreign bucket", arn: "arn:aws:s3:::other", actions: ACTIONS.bucket },
  { label: "foreign object", arn: "arn:aws:s3:::other/exports/one.ndjson", actions: ACTIONS.object },
  { label: "foreign user pool", arn: foreign("cognito-idp", "userpool/other"), actions: ACTIONS.pool },
  {
    label: "foreign connections",
    arn: foreign("execute-api", "other/live/POST/@connections/a"),
    actions: ACTIONS.connections,
  },
  { label: "foreign role", arn: `arn:aws:iam::${ACCOUNT}:role/other`, actions: ACTIONS.role },
  { label: "account", arn: "*", actions: ACTIONS.account },
].map((target) => ({ ...target, resource: undefined }));

/** All that a role of the stage could be let at. */
export const targetsOf = (stage: ResolvedStage): Target[] => {
  const each = (
    type: string,
    kind: keyof typeof ACTIONS,
    name: string,
    suffix = /$/,
    arnOf: (one: NamedResource) => string = ({ arn }) => arn,
  ): Target[] =>
    stage.all(type).map((one) => ({
      ...{ label: `${name} ${short(one, suffix)}`, arn: arnOf(one), actions: ACTIONS[kind], resource: one },
    }));
  return [
    ...stage.all("AWS::DynamoDB::Table").flatMap(tableTargets),
    ...stage.all("AWS::S3::Bucket").flatMap(bucketTargets),
    ...each("AWS::SQS::Queue", "queue", "queue", /-messages$/),
    ...each("AWS::SNS::Topic", "topic", "topic"),
    ...each("AWS::Events::EventBus", "bus", "event bus"),
    ...each("AWS::SecretsManager::Secret", "secret", "secret", /-secret$/),
    ...each("AWS::Cognito::UserPool", "pool", "user pool", /-pool$/),
    ...each("AWS::Lambda::Function", "function", "function", /-function$/),
    ...stage.all("AWS::ApiGatewayV2::Api").flatMap((one) =>
      ["POST", "DELETE", "GET"].map((method) => ({
        ...{
          label: `connections of ${short(one, /-api$/)}, ${method}`,
          arn: `${one.arn}/live/${method}/@connections/a`,
        },
        ...{ actions: ACTIONS.connections, resource: one },
      })),
    ),
    ...each("AWS::Logs::LogGroup", "logs", "log of", /-logs$/, ({ arn }) => arn.replace(/\*$/, "log-stream:one")),
    ...each("AWS::KMS::Key", "key", "key"),
    ...each("AWS::Pipes::Pipe", "pipe", "pipe"),
    ...each("AWS::IAM::Role", "role", "role", /-role$/),
    ...FOREIGN,
  ];
};
