import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { NOT_RESTORABLE, outputOf, RESTORABLE } from "../../../cli/aws/restore/restorable-tables.ts";
import { ASKED_TAG } from "../../../lambdas/common/core/sources/secrets/asked-tag.ts";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../../lib/config/optional-sources.ts";
import { resourcesOf, statementsOf } from "../stage/resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "../stage/synth-stage.ts";

const prod = synthesizedStage("prod").templates.Data;
const local = synthesizedStage("local").templates.Data;

const STATEFUL = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::SecretsManager::Secret"];
/** The service itself refuses to delete these. */
const PROTECTED = ["AWS::DynamoDB::Table", "AWS::Cognito::UserPool"];
const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
const keys = (partition: string, sort?: string) => [key(partition, "HASH"), ...(sort ? [key(sort, "RANGE")] : [])];

describe("the tables", () => {
  it("are each known to `enrichline restore`, as one that may be put back or one that must not", () => {
    const known = [...Object.keys(RESTORABLE), ...Object.keys(NOT_RESTORABLE)].map(outputOf);
    const outputs = Object.keys(prod.toJSON().Outputs).filter((name) => name.startsWith("Table"));
    expect(known.sort()).toEqual(outputs.sort());
  });

  it("have the keys and indexes of the contract, indexes with keys only", () => {
    const index = (IndexName: string, partition: string, sort: string) => ({
      IndexName,
      KeySchema: keys(partition, sort),
      Projection: { ProjectionType: "KEYS_ONLY" },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("catalog_id", "batch_id"),
      GlobalSecondaryIndexes: [
        index("by-user", "user_id", "created_at"),
        index("open-runs", "open_shard", "created_at"),
        index("due-batches", "due_shard", "due_at"),
        index("failing-runs", "failing_owner_id", "created_at"),
      ],
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("product_key"),
      GlobalSecondaryIndexes: [index("refresh-bucket", "refresh_bucket", "product_key")],
      AttributeDefinitions: Match.arrayWith([{ AttributeName: "refresh_bucket", AttributeType: "N" }]),
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", { KeySchema: keys("product_key", "changed_at_field") });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("ends_hour", "ends_at_id"),
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("tracking_id", "product_key"),
      GlobalSecondaryIndexes: [index("by-code", "error_code", "failed_at")],
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("limit_key"),
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("operation_key"),
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("channel", "connection_id"),
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("video_id", "seller_handle"),
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
      StreamSpecification: Match.absent(),
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("seller_handle", "video_id"),
      GlobalSecondaryIndexes: [index("by-created", "seller_handle", "created_at")],
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("refresh_date", "job_id"),
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("access_key"),
      GlobalSecondaryIndexes: [index("by-owner", "owner_key", "created_at")],
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", { KeySchema: keys("code") });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("webhook_key", "entry_key"),
      GlobalSecondaryIndexes: [index("due-deliveries", "due_shard", "due_at")],
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
      StreamSpecification: Match.absent(),
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("letter_key", "part"),
      GlobalSecondaryIndexes: [index("letters-by-time", "list_key", "list_place")],
      TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
      StreamSpecification: Match.absent(),
    });
    prod.resourceCountIs("AWS::DynamoDB::Table", 16);
  });

  it("are paid on demand, protected from deletion and recoverable to any point in time, but for content that ends", () => {
    const tables = [...resourcesOf(prod, "AWS::DynamoDB::Table")];
    expect(tables.length).toBeGreaterThan(4);
    for (const [id, { Properties }] of tables) {
      // A backup would keep content for 35 days.
      const PointInTimeRecoveryEnabled = !/^Product(s|History)Table/.test(id);
      expect(Properties, id).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
      });
    }
  });
});

describe("streams", () => {
  it("hold keys, never licensed content: they keep for a day what its licence may end before", () => {
    const streams = [...resourcesOf(prod, "AWS::DynamoDB::Table")].flatMap(([id, { Properties }]) =>
      Properties.StreamSpecification === undefined ? [] : [[id.slice(0, 8), Properties.StreamSpecification]],
    );
    expect(streams).toEqual([
      // States and counts; what users name their catalogs is theirs.
      ["Enrichme", { StreamViewType: "NEW_AND_OLD_IMAGES" }],
      ["Products", { StreamViewType: "KEYS_ONLY" }],
      // What shops sell comes from their own producers; no licence ends it.
      ["ShopProd", { StreamViewType: "NEW_IMAGE" }],
    ]);
  });
});

describe("retained data", () => {
  it.each(STATEFUL)("%s outlives the stack outside local", (type) => {
    prod.allResources(type, { UpdateReplacePolicy: "Retain" });
    prod.allResources(type, {
      // A rollback could not delete what is protected from deletion; anything else that it leaves is in the way.
      DeletionPolicy: PROTECTED.includes(type) ? "Retain" : "RetainExceptOnCreate",
    });
    expect(resourcesOf(prod, type).size).toBeGreaterThan(0);
  });

  it.each(STATEFUL)("%s goes with the stack on local", (type) => {
    local.allResources(type, { DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" });
    expect(resourcesOf(local, type).size).toBeGreaterThan(0);
  });
});

describe("the bucket", () => {
  it("is private, encrypted, owned by the account alone and announces its objects", () => {
    prod.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
  });

  it("lets uploads, exports and raw answers expire, and never the catalogs", () => {
    prod.hasResourceProperties("AWS::S3::Bucket", {
      LifecycleConfiguration: {
        Rules: [
          { Id: "uploads", Prefix: "uploads/", ExpirationInDays: 7, Status: "Enabled" },
          { Id: "exports", Prefix: "exports/", ExpirationInDays: 30, Status: "Enabled" },
          { Id: "raw", Prefix: "raw/", ExpirationInDays: 30, Status: "Enabled" },
          // Behind the sweep, which removes them by the hour: of each source whose licence ends within a day.
          ...["creators-api", "paapi", "product-page"].map((source) => ({
            Id: `raw-${source}`,
            Prefix: `raw/${source}/`,
            ExpirationInDays: 1,
            Status: "Enabled",
          })),
          { Id: "broken-uploads", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
        ],
      },
    });
  });

  it("takes files from the origins that the stage allows, and from no browser when there is none", () => {
    local.hasResourceProperties("AWS::S3::Bucket", {
      CorsConfiguration: {
        CorsRules: [
          Match.objectLike({
            AllowedOrigins: ["http://localhost:8787"],
            AllowedMethods: ["PUT", "GET"],
            AllowedHeaders: ["content-type", "content-length"],
          }),
        ],
      },
    });
    prod.hasResourceProperties("AWS::S3::Bucket", { CorsConfiguration: Match.absent() });
  });

  it("takes TLS only outside local", () => {
    prod.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
    local.resourceCountIs("AWS::S3::BucketPolicy", 0);
  });
});

describe("the secrets", () => {
  const secretsOf = (template: typeof prod) => [...resourcesOf(template, "AWS::SecretsManager::Secret").values()];
  /** Those of sources have a name, so that a person finds them. */
  const ofSources = (template: typeof prod) => secretsOf(template).filter(({ Properties }) => "Name" in Properties);
  const named = (template: typeof prod): unknown[] => ofSources(template).map(({ Properties }) => Properties.Name);
  const ALL = ["creators-api", "paapi", "sp-api", "keepa"];

  it("exist for every source that needs one, whatever the stage asks: a kept one could not be made again", () => {
    const product_pages = PRODUCT_PAGES_ACKNOWLEDGEMENT;
    const settings = { sources: [{ id: "keepa" }], product_pages, sample_data: true };
    expect(named(prod)).toEqual(ALL.map((source) => `enrichline/prod/${source}`));
    expect(named(templatesOf(buildStage("dev", { settings })).Data)).toEqual(
      ALL.map((source) => `enrichline/dev/${source}`),
    );
  });

  it("say by a tag whether the stage asks their source", () => {
    const tags = ofSources(prod).map(({ Properties }) => [
      Properties.Name,
      z
        .array(z.object({ Key: z.string(), Value: z.string() }))
        .parse(Properties.Tags)
        .find(({ Key }) => Key === ASKED_TAG)?.Value,
    ]);
    expect(tags).toEqual(ALL.map((source) => [`enrichline/prod/${source}`, source === "paapi" ? "no" : "yes"]));
  });

  it("have no value that a deploy could write", () => {
    for (const { Properties } of secretsOf(prod)) expect(Object.keys(Properties)).not.toContain("SecretString");
    for (const { Properties } of ofSources(prod)) {
      expect(Object.keys(Properties)).not.toContain("GenerateSecretString");
    }
  });

  it("are one more for the secrets of webhooks, made at random once and kept with what it encrypts", () => {
    const others = secretsOf(prod).filter(({ Properties }) => !("Name" in Properties));
    expect(others).toMatchObject([
      {
        DeletionPolicy: "RetainExceptOnCreate",
        Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } },
      },
    ]);
  });

  it("may be read, by name, for the sources that the stage asks only", () => {
    const settings = { sources: [{ id: "creators-api" }, { id: "keepa" }], sample_data: true };
    const { Pipeline } = templatesOf(buildStage("dev", { settings }));
    const own = statementsOf(Pipeline, "EnrichBatch");
    const readable = own
      .filter(({ Action }) => Action.includes("secretsmanager:GetSecretValue"))
      .flatMap(({ Resource }) => Resource.map((arn) => /:secret:([^"]*)/.exec(arn)?.[1]));
    expect(readable).toEqual(["enrichline/dev/creators-api-??????", "enrichline/dev/keepa-??????"]);
  });
});

describe("the user pool", () => {
  it("lets only administrators add users, and signs in by password or SRP without a client secret", () => {
    prod.hasResourceProperties("AWS::Cognito::UserPool", {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: "ACTIVE",
    });
    prod.hasResourceProperties("AWS::Cognito::UserPoolClient", {
      GenerateSecret: false,
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      PreventUserExistenceErrors: "ENABLED",
    });
    prod.hasResourceProperties("AWS::Cognito::UserPoolGroup", { GroupName: "operators" });
  });
});
