import { describe, expect, it } from "vitest";
import { resourcesOf } from "./stage/resources.ts";
import { largestStage, STAGES, type StageTemplates, synthesizedStage } from "./stage/synth-stage.ts";

type StackName = keyof StageTemplates;

/**
 * What holds something that a new resource would not have: rows, objects, users, values, messages, subscriptions, or an address or name that
 * others know. Logs are not here: a new group begins anew, and the old one stays until its lines end.
 */
const STATEFUL = [
  "AWS::ApiGatewayV2::Api",
  "AWS::Cognito::UserPool",
  "AWS::Cognito::UserPoolClient",
  "AWS::DynamoDB::Table",
  "AWS::Events::Archive",
  "AWS::Events::EventBus",
  "AWS::KMS::Key",
  "AWS::S3::Bucket",
  "AWS::SNS::Topic",
  "AWS::SQS::Queue",
  "AWS::SecretsManager::Secret",
] as const;

/**
 * The logical ids of all of it. A changed id is an empty resource beside an orphaned full one: never change a line, unless the old
 * resource is moved first. A new resource adds one; one that is given up takes its line with it.
 */
const IDS: Readonly<Record<StackName, Partial<Record<(typeof STATEFUL)[number], readonly string[]>>>> = {
  // A network holds nothing; another one is another way to the same data.
  Network: {},
  Data: {
    "AWS::Cognito::UserPool": ["UsersPoolBFC35D3B"],
    "AWS::Cognito::UserPoolClient": ["UsersPoolClient39A19381"],
    "AWS::DynamoDB::Table": [
      "AccessTableBF2E2186",
      "AssemblyStagingTable7156857B",
      "ContentEndsTable4BF89EA0",
      "DeadLettersTableC8789F93",
      "EnrichmentStatusTable9E6EF5B5",
      "FailuresTableDE3298B0",
      "LiveConnectionsTableD5A8C93B",
      "MarketplacesTable2B111B6F",
      "OperationsTable4EFB8747",
      "ProductHistoryTable3FEED293",
      "ProductsTableAE4DA8BF",
      "RefreshDemandTableE0E5F2DC",
      "RefreshJobsTable59FCBB12",
      "ShopProductsTable51AEAFBE",
      "UpstreamLimitsTable5C2E4F2A",
      "WebhooksTable292B7B5B",
    ],
    "AWS::S3::Bucket": ["CatalogBucketC436F308"],
    "AWS::SecretsManager::Secret": [
      "SourceSecretscreatorsapiFE059EF3",
      "SourceSecretskeepa7280321E",
      "SourceSecretspaapiA5ADE9CE",
      "SourceSecretsspapi708C24E4",
      "WebhookKeySecret9F5D92E4",
    ],
  },
  Pipeline: {
    "AWS::Events::Archive": ["BusArchiveD76499E2"],
    "AWS::Events::EventBus": ["Bus95A03305"],
    "AWS::SNS::Topic": ["ReactionsCriticalFailures0B05CD8F"],
    "AWS::SQS::Queue": [
      "BusUndeliveredEventsDeadLetters2D65F220",
      "EnrichExpressQueueDeadLettersB3C4A2DD",
      "EnrichExpressQueueMessages37EE1AC3",
      "EnrichQueueDeadLetters338DC2F5",
      "EnrichQueueMessagesC9CAB16A",
      "ExportsQueueDeadLetters454DEBE6",
      "ExportsQueueMessages629F91DB",
      "IngestQueueDeadLetters837B326F",
      "IngestQueueMessages74C82989",
      "OutcomesStreamGivenUpA8818AB8",
      "ProductsStreamGivenUp7EF25BAA",
      "ReactionsReactionsQueueDeadLetters2A8DD57D",
      "ReactionsReactionsQueueMessages89E7C651",
      "RefreshQueueDeadLettersEECB200C",
      "RefreshQueueMessagesBC80D50C",
      "RequestsRequestsQueueDeadLetters23B7FE8C",
      "RequestsRequestsQueueMessages05D7A39F",
      "WebhooksGivenUp497006C4",
      "WebhooksWebhooksQueueDeadLetters86F9DDFB",
      "WebhooksWebhooksQueueMessages18B949E8",
    ],
  },
  Shop: {
    "AWS::SNS::Topic": ["ProductNoticesTopicC9A79DCC"],
    "AWS::SQS::Queue": [
      "CaptionParsedQueueDeadLettersF3649D59",
      "CaptionParsedQueueMessagesF3F88F95",
      "ProductNoticesUndeliveredDD90945E",
      "ThumbnailGeneratedQueueDeadLetters0FF679CC",
      "ThumbnailGeneratedQueueMessagesC634CD19",
    ],
  },
  Api: {
    "AWS::ApiGatewayV2::Api": ["GatewayApi4EDF2151", "LiveApi149456B6"],
    "AWS::SQS::Queue": ["BroadcastsDeadLettersBCC44E30"],
    "AWS::SecretsManager::Secret": ["CursorSecret2A46C99E"],
  },
  Monitoring: {
    "AWS::KMS::Key": ["TopicsKey64CE8550"],
    "AWS::SNS::Topic": ["TopicsNotice94515F59", "TopicsPage76C97084"],
  },
};
const STACKS = Object.keys(IDS) as StackName[];

const idsOf = (templates: StageTemplates, stack: StackName): (typeof IDS)[StackName] =>
  Object.fromEntries(
    STATEFUL.map((type) => [type, [...resourcesOf(templates[stack], type).keys()].sort()] as const).filter(
      ([, ids]) => ids.length > 0,
    ),
  );

describe("logical ids of what is stateful", () => {
  it.each(STACKS)("are these in stack %s of a stage with everything, and no others", (stack) => {
    expect(idsOf(largestStage().templates, stack)).toEqual(IDS[stack]);
  });

  it.each(STAGES)("are the same in stage %s, where not all of it is made", (stage) => {
    for (const stack of STACKS) {
      for (const [type, ids] of Object.entries(idsOf(synthesizedStage(stage).templates, stack))) {
        expect(Object.entries(IDS[stack]).find(([known]) => known === type)?.[1]).toEqual(
          expect.arrayContaining([...ids]),
        );
      }
    }
  });
});
