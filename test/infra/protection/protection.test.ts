import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Stage } from "../../../lib/config/stages.ts";
import { type Resource, resourcesOf } from "../stage/resources.ts";
import { STAGE_TEMPLATES } from "../stage/stage-templates.ts";
import { STAGES, type StageTemplates, synthesizedStage } from "../stage/synth-stage.ts";

const KEPT_STAGES = STAGES.filter((stage) => stage !== "local");
const KEPT_TEMPLATES = STAGE_TEMPLATES.filter(([name]) => name !== "local");

interface Placed extends Resource {
  readonly id: string;
  readonly stack: string;
}
const all = (templates: StageTemplates, type: string): Placed[] =>
  Object.entries(templates).flatMap(([stack, template]) =>
    [...resourcesOf(template, type)].map(([id, resource]) => ({ ...resource, id, stack })),
  );

/** What keeps something, and how it is encrypted there. Any other type keeps nothing. */
const KEEPS: Readonly<Record<string, (properties: Record<string, unknown>) => boolean>> = {
  // So named is the encryption with a key that is DynamoDB's own: it is always on.
  "AWS::DynamoDB::Table": ({ SSESpecification }) => JSON.stringify(SSESpecification) === '{"SSEEnabled":false}',
  "AWS::S3::Bucket": ({ BucketEncryption }) => JSON.stringify(BucketEncryption).includes('"AES256"'),
  "AWS::SQS::Queue": ({ SqsManagedSseEnabled }) => SqsManagedSseEnabled === true,
  // SNS encrypts with no key unless it is named.
  "AWS::SNS::Topic": ({ KmsMasterKeyId }) => KmsMasterKeyId !== undefined,
  // Without a key Secrets Manager encrypts with the one that it has in the account.
  "AWS::SecretsManager::Secret": ({ KmsKeyId }) => KmsKeyId === undefined,
  // CloudWatch, Cognito and EventBridge encrypt always; a key would be a choice to make here.
  "AWS::Logs::LogGroup": ({ KmsKeyId }) => KmsKeyId === undefined,
  "AWS::Cognito::UserPool": () => true,
  "AWS::Events::EventBus": ({ KmsKeyIdentifier }) => KmsKeyIdentifier === undefined,
  "AWS::Events::Archive": () => true,
};
const KEEPS_NOTHING = [
  ...["Api", "Authorizer", "Integration", "Route", "Stage"].map((name) => `AWS::ApiGatewayV2::${name}`),
  ...["Alarm", "CompositeAlarm", "Dashboard"].map((name) => `AWS::CloudWatch::${name}`),
  ...["UserPoolClient", "UserPoolGroup"].map((name) => `AWS::Cognito::${name}`),
  ...["EIP", "FlowLog", "InternetGateway", "NatGateway", "Route", "RouteTable", "SecurityGroup"].map(
    (name) => `AWS::EC2::${name}`,
  ),
  ...[
    "SecurityGroupIngress",
    "Subnet",
    "SubnetRouteTableAssociation",
    "VPC",
    "VPCEndpoint",
    "VPCGatewayAttachment",
  ].map((name) => `AWS::EC2::${name}`),
  "AWS::Events::Rule",
  ...["Policy", "Role"].map((name) => `AWS::IAM::${name}`),
  "AWS::KMS::Key",
  ...["EventInvokeConfig", "EventSourceMapping", "Function", "Permission"].map((name) => `AWS::Lambda::${name}`),
  "AWS::Pipes::Pipe",
  "AWS::Route53::HealthCheck",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
  "AWS::Scheduler::Schedule",
];

const ResourcesSchema = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

describe("encryption", () => {
  it("knows of every type of resource whether it keeps something", () => {
    const types = STAGE_TEMPLATES.flatMap(([, templates]) =>
      Object.values(templates).flatMap((template) =>
        Object.values(ResourcesSchema.parse(template.toJSON()).Resources).map(({ Type }) => Type),
      ),
    );
    // No custom resource either: its function would write a log that nobody ends.
    expect([...new Set(types)].sort()).toEqual([...Object.keys(KEEPS), ...KEEPS_NOTHING].sort());
  });

  it.each(STAGE_TEMPLATES)("at rest has all that stage %s keeps", (_name, templates) => {
    for (const [type, isEncrypted] of Object.entries(KEEPS)) {
      for (const { id, Properties } of all(templates, type)) expect(isEncrypted(Properties), id).toBe(true);
    }
  });
});

const PolicySchema = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.looseObject({
        Effect: z.string(),
        Condition: z.unknown().optional(),
        Principal: z.unknown().optional(),
        Resource: z.unknown(),
      }),
    ),
  }),
});
/** What a policy is attached to, by the type of the policy. */
const POLICIES = {
  "AWS::S3::Bucket": { policy: "AWS::S3::BucketPolicy", on: "Bucket" },
  "AWS::SQS::Queue": { policy: "AWS::SQS::QueuePolicy", on: "Queues" },
  "AWS::SNS::Topic": { policy: "AWS::SNS::TopicPolicy", on: "Topics" },
} as const;

describe("TLS", () => {
  it.each(KEPT_TEMPLATES)(
    "is asked for by every bucket, queue and topic of stage %s, of everybody",
    (_name, templates) => {
      for (const [type, { policy, on }] of Object.entries(POLICIES)) {
        const denied = all(templates, policy).flatMap(({ stack, Properties }) =>
          PolicySchema.parse(Properties)
            .PolicyDocument.Statement.filter(
              ({ Effect, Condition, Principal }) =>
                Effect === "Deny" &&
                JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}' &&
                ['"*"', '{"AWS":"*"}'].includes(JSON.stringify(Principal)),
            )
            .flatMap(({ Resource }) =>
              [Properties[on]].flat().map((to) => `${stack} ${JSON.stringify(to)} ${JSON.stringify(Resource)}`),
            ),
        );
        const resources = all(templates, type);
        expect(resources.length).toBeGreaterThan(0);
        for (const { id, stack } of resources) {
          const own = denied.filter((one) => one.startsWith(`${stack} {"Ref":"${id}"} `));
          expect(
            own.some((one) => one.includes(`["${id}","Arn"]`) || one.endsWith(`{"Ref":"${id}"}`)),
            id,
          ).toBe(true);
        }
      }
    },
  );
});

describe("deletion", () => {
  const policies = ({ DeletionPolicy, UpdateReplacePolicy }: Resource) => [DeletionPolicy, UpdateReplacePolicy];

  it.each(KEPT_TEMPLATES)(
    "is refused by every table and pool of stage %s, and nothing that is kept goes",
    (_name, templates) => {
      for (const type of ["AWS::DynamoDB::Table", "AWS::Cognito::UserPool"]) {
        for (const one of all(templates, type)) {
          expect([true, "ACTIVE"], one.id).toContain(
            one.Properties.DeletionProtectionEnabled ?? one.Properties.DeletionProtection,
          );
          expect(policies(one), one.id).toEqual(["Retain", "Retain"]);
        }
      }
      for (const type of ["AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::SecretsManager::Secret"]) {
        for (const one of all(templates, type)) {
          // Losing it costs cursors that somebody holds at that moment.
          const expected = one.id.startsWith("CursorSecret")
            ? ["Delete", "Delete"]
            : ["RetainExceptOnCreate", "Retain"];
          expect(policies(one), one.id).toEqual(expected);
        }
      }
    },
  );

  it.each(KEPT_STAGES)("of the stack with the data is refused on stage %s", (stage: Stage) => {
    expect(synthesizedStage(stage).data.terminationProtection).toBe(true);
  });
});

describe("logs", () => {
  it.each(STAGE_TEMPLATES)(
    "of stage %s end, and nothing logs to a group that AWS makes for it without an end",
    (_name, templates) => {
      const groups = new Map(
        all(templates, "AWS::Logs::LogGroup").map((group) => [`${group.stack} ${group.id}`, group]),
      );
      for (const { id, Properties } of groups.values()) expect(Properties.RetentionInDays, id).toBeGreaterThan(0);
      const used = [
        ...all(templates, "AWS::Lambda::Function").map((fn) => {
          const { LogGroup } = z.object({ LogGroup: z.object({ Ref: z.string() }) }).parse(fn.Properties.LoggingConfig);
          return `${fn.stack} ${LogGroup.Ref}`;
        }),
        ...all(templates, "AWS::ApiGatewayV2::Stage").map((api) => {
          const arn = z.object({ DestinationArn: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }) });
          return `${api.stack} ${arn.parse(api.Properties.AccessLogSettings).DestinationArn["Fn::GetAtt"][0]}`;
        }),
      ];
      for (const { stack, Properties } of all(templates, "AWS::EC2::FlowLog")) {
        used.push(`${stack} ${z.object({ Ref: z.string() }).parse(Properties.LogGroupName).Ref}`);
      }
      expect(used.toSorted()).toEqual([...groups.keys()].sort());
    },
  );
});
