import * as z from "zod";
import { synthesizedStage } from "../../../infra/stage/synth-stage.ts";
import type { MemoryTable } from "../../memory/memory-dynamo.ts";

const ResourceSchema = z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) });
const TemplateSchema = z.looseObject({ Resources: z.record(z.string(), ResourceSchema) });
const KeysSchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));
const TableSchema = z.looseObject({
  KeySchema: KeysSchema,
  GlobalSecondaryIndexes: z.array(z.looseObject({ IndexName: z.string(), KeySchema: KeysSchema })).default([]),
});
const FunctionSchema = z.looseObject({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
const SourceSchema = z.looseObject({
  FunctionName: z.object({ Ref: z.string() }),
  EventSourceArn: z.unknown(),
  FunctionResponseTypes: z.array(z.string()).default([]),
});
const RouteSchema = z.looseObject({ RouteKey: z.string(), Target: z.unknown() });

/** A function as the stage deploys it. */
export interface DeployedFunction {
  /** Folder under `lambdas/`. */
  readonly room: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A queue or stream that a function reads. */
export interface DeployedSource {
  readonly room: string;
  /** Logical id of the function; two may share a room. */
  readonly functionId: string;
  readonly kind: "queue" | "stream";
  /** Such as `EnrichQueueMessages`, or the table's logical id. */
  readonly of: string;
  /** Whether the function names the records that failed. */
  readonly isPartial: boolean;
}

const templates = Object.values(synthesizedStage("local").templates).map((template) =>
  TemplateSchema.parse(template.toJSON()),
);
const resources = new Map(templates.flatMap(({ Resources }) => Object.entries(Resources)));
const ofType = (type: string) => [...resources].filter(([, { Type }]) => Type === type);

/** The logical id that a reference names, in the same stack or in another one; undefined for anything else. */
const referenced = (value: unknown): string | undefined => {
  const text = JSON.stringify(value) ?? "";
  return [...resources.keys()].filter((id) => text.includes(id)).sort((a, b) => b.length - a.length)[0];
};

const ADDRESS = "https://sqs.us-east-1.amazonaws.com/123456789012";
/** What a reference is in the world of the test: the logical id, in the form that the variable has. */
const resolved = (name: string, value: unknown): string => {
  if (typeof value === "string") return value;
  if (name === "JWKS_ADDRESS") return "https://cognito-idp.invalid/pool/.well-known/jwks.json";
  if (name === "USER_POOL_ID") return "us-east-1_Pool00000";
  const id = referenced(value) ?? name;
  if (name.endsWith("_URL")) return `${ADDRESS}/${id}`;
  if (name === "CONNECTIONS_ADDRESS") return "https://connections.invalid/live";
  return name.endsWith("_ARN") ? `arn:aws:any:us-east-1:123456789012:${id}` : id;
};

/** Functions of the stage by logical id. */
export const FUNCTIONS: ReadonlyMap<string, DeployedFunction> = new Map(
  ofType("AWS::Lambda::Function").map(([id, { Properties }]) => {
    const { Variables } = FunctionSchema.parse(Properties).Environment;
    const env = Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, resolved(name, value)]));
    return [id, { room: env.POWERTOOLS_SERVICE_NAME ?? id, env }];
  }),
);

const keysOf = (schema: z.infer<typeof KeysSchema>): MemoryTable["keys"] => {
  const name = (type: "HASH" | "RANGE") => schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const range = name("RANGE");
  return range === undefined ? [name("HASH") ?? ""] : [name("HASH") ?? "", range];
};

/** Tables of the stage with their keys and indexes, by the name that functions get. */
export const TABLES: Readonly<Record<string, MemoryTable>> = Object.fromEntries(
  ofType("AWS::DynamoDB::Table").map(([id, { Properties }]) => {
    const { KeySchema, GlobalSecondaryIndexes } = TableSchema.parse(Properties);
    const indexes = Object.fromEntries(
      GlobalSecondaryIndexes.map((index) => [index.IndexName, keysOf(index.KeySchema)]),
    );
    return [id, { keys: keysOf(KeySchema), indexes }];
  }),
);

/** Queues and streams that functions read. */
export const SOURCES: readonly DeployedSource[] = ofType("AWS::Lambda::EventSourceMapping").map(
  ([id, { Properties }]) => {
    const { FunctionName, EventSourceArn, FunctionResponseTypes } = SourceSchema.parse(Properties);
    const of = referenced(EventSourceArn) ?? id;
    return {
      room: FUNCTIONS.get(FunctionName.Ref)?.room ?? id,
      functionId: FunctionName.Ref,
      kind: resources.get(of)?.Type === "AWS::DynamoDB::Table" ? "stream" : "queue",
      of,
      isPartial: FunctionResponseTypes.includes("ReportBatchItemFailures"),
    };
  },
);

/** HTTP routes, the most exact first: the pattern as API Gateway has it, and the function behind it. */
const ROUTES = ofType("AWS::ApiGatewayV2::Route")
  .map(([, { Properties }]) => RouteSchema.parse(Properties))
  .filter(({ RouteKey }) => RouteKey.includes(" /"))
  .map(({ RouteKey, Target }) => {
    const integration = resources.get(referenced(Target) ?? "");
    const [method = "", path = ""] = RouteKey.split(" ");
    const pattern = path.replace(/\{[a-zA-Z]+\+\}/g, ".+").replace(/\{[a-zA-Z_]+\}/g, "[^/]+");
    return {
      method,
      matches: new RegExp(`^${pattern}$`),
      path,
      functionId: referenced(integration?.Properties.IntegrationUri),
    };
  })
  .sort((a, b) => Number(a.path.includes("{")) - Number(b.path.includes("{")) || b.path.length - a.path.length);

/** The function that answers a request; the one of `$default` where no route is the request's. */
export const functionAt = (method: string, path: string): string | undefined =>
  ROUTES.find((route) => (route.method === "ANY" || route.method === method) && route.matches.test(path))?.functionId;
