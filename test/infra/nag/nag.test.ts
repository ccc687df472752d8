import { CfnResource } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import type { Stage } from "../../../lib/config/stages.ts";
import { acceptFinding } from "../../../lib/constructs/findings/accept-finding.ts";
import { EVERYTHING } from "../stage/everything.ts";
import { buildStage } from "../stage/synth-stage.ts";
import { type Accepted, acceptedIn, type Finding, isAbout, placeOf, runPacks } from "./run-packs.ts";

interface Variant {
  readonly stage: Stage;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether CloudFormation's own rules are checked as well: several times as long as all else (D-149). */
  readonly validated?: boolean;
}

/** Stages as cdk.json has them, and one with all that a stage may have besides. */
const VARIANTS = {
  local: { stage: "local", validated: true },
  dev: { stage: "dev" },
  staging: { stage: "staging" },
  prod: { stage: "prod" },
  "prod with everything": { stage: "prod", settings: EVERYTHING, validated: true },
} as const satisfies Readonly<Record<string, Variant>>;
type Name = keyof typeof VARIANTS;
const NAMES = Object.keys(VARIANTS) as Name[];

interface Checked {
  readonly found: readonly Finding[];
  readonly unchecked: readonly string[];
  readonly accepted: readonly Accepted[];
}

const known = new Map<Name, Checked>();
/** @throws Error for a template that breaks a rule of CloudFormation, where these are checked */
const check = (name: Name): Checked => {
  const before = known.get(name);
  if (before) return before;
  const { stage, settings = {}, validated = false }: Variant = VARIANTS[name];
  const { app } = buildStage(stage, { settings }, { validated });
  const { found, unchecked } = runPacks(app);
  const checked = { found, unchecked, accepted: acceptedIn(app) };
  known.set(name, checked);
  return checked;
};

const openOf = ({ found, accepted }: Pick<Checked, "found" | "accepted">): string[] =>
  found
    .filter((finding) => !accepted.some((one) => isAbout(one, finding)))
    .map(({ rule, of, resource }) => [rule, of, resource.node.path].filter((text) => text !== "").join(" "));

/** Every reason, by rule and place, and whether a rule finds what it is for. */
const reasons = (): { readonly rule: string; readonly place: string; readonly isFound: boolean }[] =>
  NAMES.flatMap((name) => {
    const { found, accepted } = check(name);
    return accepted.flatMap((one) =>
      one.finding.rules.map((rule) => ({
        rule,
        place: placeOf(one),
        isFound: found.some((finding) => finding.rule === rule && isAbout(one, finding)),
      })),
    );
  });

/** Everything that is accepted, and where. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  "AwsSolutions-APIG4": [
    ...["config", "docs", "feeds--{file}", "health", "openapi.json"].map(
      (path) => `Api/Gateway/Api/GET--api--v1--${path}`,
    ),
    "Api/Gateway/Api/GET--api--v1--shop--{handle}--products",
    "Api/Gateway/Api/GET--api--v1--shop--{handle}--products--{videoId}",
    "Api/Gateway/Api/GET--api--v1--websocket--stats",
    "Api/Gateway/Api/HEAD--api--v1--feeds--{file}",
    "Api/Gateway/Fallback",
    "Api/Live/Api",
  ],
  "AwsSolutions-COG2": ["Data/Users/Pool"],
  "AwsSolutions-COG8": ["Data/Users/Pool"],
  "AwsSolutions-DDB3": ["Data/ProductHistoryTable/Table", "Data/ProductsTable/Table", "stage local"],
  "AwsSolutions-IAM5": ["connections", "functions in a network", "objects", "streams"],
  "AwsSolutions-S1": ["Data/CatalogBucket/Bucket"],
  "AwsSolutions-S10": ["stage local"],
  "AwsSolutions-SMG4": ["Api/CursorSecret/Secret", "Data/WebhookKey/Secret", "credentials of sources"],
  "AwsSolutions-SQS3": ["dead-letter queues"],
  "AwsSolutions-SQS4": ["stage local"],
  "NIST.800.53.R5-CloudWatchLogGroupEncrypted": ["everywhere"],
  "NIST.800.53.R5-DynamoDBInBackupPlan": ["everywhere"],
  "NIST.800.53.R5-DynamoDBPITREnabled": ["Data/ProductHistoryTable/Table", "Data/ProductsTable/Table", "stage local"],
  "NIST.800.53.R5-IAMNoInlinePolicy": ["everywhere"],
  "NIST.800.53.R5-LambdaConcurrency": ["everywhere"],
  "NIST.800.53.R5-LambdaDLQ": ["everywhere"],
  "NIST.800.53.R5-LambdaInsideVPC": ["everywhere"],
  "NIST.800.53.R5-S3BucketLoggingEnabled": ["Data/CatalogBucket/Bucket"],
  "NIST.800.53.R5-S3BucketReplicationEnabled": ["Data/CatalogBucket/Bucket"],
  "NIST.800.53.R5-S3BucketSSLRequestsOnly": ["stage local"],
  "NIST.800.53.R5-S3BucketVersioningEnabled": ["Data/CatalogBucket/Bucket"],
  "NIST.800.53.R5-S3DefaultEncryptionKMS": ["Data/CatalogBucket/Bucket"],
  "NIST.800.53.R5-SecretsManagerRotationEnabled": [
    "Api/CursorSecret/Secret",
    "Data/WebhookKey/Secret",
    "credentials of sources",
  ],
  "NIST.800.53.R5-SecretsManagerUsingKMSKey": ["everywhere"],
  "NIST.800.53.R5-VPCDefaultSecurityGroupClosed": ["Network/Network/Vpc"],
  "NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW": ["Network/Network/Vpc"],
  "Serverless-LambdaAsyncFailureDestination": ["scheduled functions"],
  "Serverless-LambdaDLQ": ["everywhere"],
  "Serverless-LambdaEventSourceMappingDestination": ["consumers of queues"],
  "Serverless-LambdaTracing": ["everywhere"],
  "Serverless-SNSRedrivePolicy": ["everywhere"],
  "Serverless-SQSRedrivePolicy": ["dead-letter queues"],
};

describe("the rules of AwsSolutions, Serverless and NIST 800-53", () => {
  it.each(NAMES)("are all checked on stage %s, and broken only for a reason beside the resource", (name) => {
    expect({ open: openOf(check(name)), unchecked: check(name).unchecked }).toEqual({ open: [], unchecked: [] });
  });

  it("are broken where this list says, and nowhere else", () => {
    const listed: Record<string, string[]> = {};
    for (const { rule, place, isFound } of reasons()) {
      if (isFound && !listed[rule]?.includes(place)) listed[rule] = [...(listed[rule] ?? []), place].sort();
    }
    expect(listed).toEqual(ACCEPTED);
  });

  it("have no reason without a finding: it would hide what comes later", () => {
    const used = new Set(reasons().flatMap(({ rule, place, isFound }) => (isFound ? [`${rule} ${place}`] : [])));
    expect(reasons().flatMap(({ rule, place }) => (used.has(`${rule} ${place}`) ? [] : [`${rule} ${place}`]))).toEqual(
      [],
    );
  });

  it("find what has no reason, and a reason beside another resource is none", () => {
    const { app, data } = buildStage("dev");
    acceptFinding(new Queue(data, "Excused", { enforceSSL: true }), {
      rules: ["AwsSolutions-SQS3"],
      reason: "A test.",
    });
    new Queue(data, "Bare");
    const open = openOf({ found: runPacks(app).found, accepted: acceptedIn(app) });
    expect(open.sort()).toEqual([
      "AwsSolutions-SQS3 Enrichline-dev-Data/Bare/Resource",
      "AwsSolutions-SQS4 Enrichline-dev-Data/Bare/Resource",
      "Serverless-SQSRedrivePolicy Enrichline-dev-Data/Bare/Resource",
      "Serverless-SQSRedrivePolicy Enrichline-dev-Data/Excused/Resource",
    ]);
  });
});

it("a template that breaks a rule of CloudFormation is refused", () => {
  const { app, data } = buildStage("local", {}, { validated: true });
  new CfnResource(data, "Wrong", { type: "AWS::SQS::Queue", properties: { VisibilityTimeout: "soon" } });
  expect(() => app.synth()).toThrow(/VisibilityTimeout: 'soon' is not of type 'integer'/);
});
