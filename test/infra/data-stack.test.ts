import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../lib/config/optional-sources.ts";
import { resourcesOf } from "./resources.ts";
import { buildStage, synthesizedStage, templatesOf } from "./synth-stage.ts";

const prod = synthesizedStage("prod").templates.Data;
const local = synthesizedStage("local").templates.Data;

const STATEFUL = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::SecretsManager::Secret"];
const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
const keys = (partition: string, sort?: string) => [key(partition, "HASH"), ...(sort ? [key(sort, "RANGE")] : [])];

describe("the tables", () => {
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
      ],
    });
    prod.hasResourceProperties("AWS::DynamoDB::Table", {
      KeySchema: keys("product_key"),
      GlobalSecondaryIndexes: [index("refresh-bucket", "refresh_bucket", "product_key")],
      AttributeDefinitions: Match.arrayWith([{ AttributeName: "refresh_bucket", AttributeType: "N" }]),
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
    prod.resourceCountIs("AWS::DynamoDB::Table", 5);
  });

  it("are paid on demand, protected from deletion and recoverable to any point in time", () => {
    prod.allResourcesProperties("AWS::DynamoDB::Table", {
      BillingMode: "PAY_PER_REQUEST",
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });
});

describe("retained data", () => {
  it.each(STATEFUL)("%s outlives the stack outside local", (type) => {
    prod.allResources(type, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(resourcesOf(prod, type).size).toBeGreaterThan(0);
  });

  it.each(STATEFUL)("%s goes with the stack on local", (type) => {
    local.allResources(type, { DeletionPolicy: "Delete", UpdateReplacePolicy: "Delete" });
    expect(resourcesOf(local, type).size).toBeGreaterThan(0);
  });

  it("keeps its logical ids: a changed id is an empty table beside an orphaned full one", () => {
    const ids = STATEFUL.flatMap((type) => [...resourcesOf(prod, type).keys()].map((id) => `${type} ${id}`));
    expect(ids.sort()).toMatchSnapshot();
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
  it("exist once per source that needs one, without a value that a deploy could write", () => {
    const secrets = [...resourcesOf(prod, "AWS::SecretsManager::Secret").values()].map(({ Properties }) => Properties);
    expect(secrets.map((secret) => secret.Name)).toEqual([
      "enrichline/prod/creators-api",
      "enrichline/prod/sp-api",
      "enrichline/prod/keepa",
    ]);
    for (const secret of secrets) {
      expect(Object.keys(secret)).not.toContain("SecretString");
      expect(Object.keys(secret)).not.toContain("GenerateSecretString");
    }
  });

  it("leave out sources that are asked without an account", () => {
    const product_pages = PRODUCT_PAGES_ACKNOWLEDGEMENT;
    const sources = [{ id: "creators-api" }, { id: "keepa" }];
    const { Data } = templatesOf(buildStage("dev", { settings: { sources, product_pages, sample_data: true } }));
    const names = [...resourcesOf(Data, "AWS::SecretsManager::Secret").values()].map(
      ({ Properties }) => Properties.Name,
    );
    expect(names).toEqual(["enrichline/dev/creators-api", "enrichline/dev/keepa"]);
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
