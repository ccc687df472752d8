import { describe, expect, it } from "vitest";
import * as z from "zod";
import { SOURCE_LICENCES } from "../../../lambdas/common/core/licences/source-licences.ts";
import type { Stage } from "../../../lib/config/stages.ts";
import { resourcesOf } from "../stage/resources.ts";
import { STAGES, synthesizedStage } from "../stage/synth-stage.ts";

/**
 * What a store holds: `keys` (keys, states, codes, counts and times), `content` of licensed sources, their `history`, or what is
 * `ours` (of users, shops and operators). Content and history may only lie where no copy outlives their end.
 */
type Holds = "keys" | "content" | "history" | "ours";

/** Every table. A new one says here what it holds. */
const TABLES: Readonly<Record<string, Holds>> = {
  Access: "ours",
  AssemblyStaging: "ours",
  ContentEnds: "keys",
  // What users uploaded, beside states.
  EnrichmentStatus: "ours",
  Failures: "keys",
  LiveConnections: "keys",
  Marketplaces: "ours",
  Operations: "ours",
  ProductHistory: "history",
  Products: "content",
  RefreshDemand: "keys",
  RefreshJobs: "keys",
  ShopProducts: "ours",
  UpstreamLimits: "keys",
  Webhooks: "ours",
};

/** Every prefix with a rule of its own; what ends is removed by the minute or hour, and by these rules at the latest. */
const PREFIXES: Readonly<Record<string, Holds>> = { exports: "content", raw: "content", uploads: "ours" };

/** Every queue, without what stands behind a queue's name. Messages name rows; those of the bus carry events. */
const QUEUES: Readonly<Record<string, Holds>> = {
  BroadcastsDeadLetters: "keys",
  BusUndeliveredEventsDeadLetters: "history",
  CaptionParsedQueueDeadLetters: "ours",
  CaptionParsedQueueMessages: "ours",
  EnrichExpressQueueDeadLetters: "keys",
  EnrichExpressQueueMessages: "keys",
  EnrichQueueDeadLetters: "keys",
  EnrichQueueMessages: "keys",
  ExportsQueueDeadLetters: "keys",
  ExportsQueueMessages: "keys",
  IngestQueueDeadLetters: "keys",
  IngestQueueMessages: "keys",
  OutcomesStreamGivenUp: "keys",
  ProductNoticesUndelivered: "ours",
  ProductsStreamGivenUp: "keys",
  RefreshQueueDeadLetters: "keys",
  RefreshQueueMessages: "keys",
  RequestsRequestsQueueDeadLetters: "ours",
  RequestsRequestsQueueMessages: "ours",
  ThumbnailGeneratedQueueDeadLetters: "ours",
  ThumbnailGeneratedQueueMessages: "ours",
  WebhooksGivenUp: "keys",
  WebhooksWebhooksQueueDeadLetters: "keys",
  WebhooksWebhooksQueueMessages: "keys",
};

/** Every archive of events. Prices in events are of sources whose licence allows a history. */
const ARCHIVES: Readonly<Record<string, Holds>> = { BusArchive: "history" };

/** Longest that events may lie anywhere after they were put on the bus. */
const MAX_EVENT_DAYS = 14;
const SECONDS_PER_DAY = 86_400;

const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, "");
const resourcesIn = (stage: Stage, type: string) =>
  Object.values(synthesizedStage(stage).templates).flatMap((template) =>
    [...resourcesOf(template, type)].map(([id, { Properties }]) => ({ name: withoutHash(id), Properties })),
  );
const namesOf = (type: string): string[] =>
  [...new Set(STAGES.flatMap((stage) => resourcesIn(stage, type).map(({ name }) => name)))].sort();

const LifecycleSchema = z.object({
  Rules: z.array(z.object({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() })),
});
const rulesOf = (stage: Stage) =>
  resourcesIn(stage, "AWS::S3::Bucket").flatMap(
    ({ Properties }) => LifecycleSchema.parse(Properties.LifecycleConfiguration).Rules,
  );

describe("every store says what it holds", () => {
  it("tables, queues, archives and prefixes of all stages are on the list, and nothing else is", () => {
    expect(namesOf("AWS::DynamoDB::Table")).toEqual(
      Object.keys(TABLES)
        .map((name) => `${name}Table`)
        .sort(),
    );
    expect(namesOf("AWS::SQS::Queue")).toEqual(Object.keys(QUEUES).sort());
    expect(namesOf("AWS::Events::Archive")).toEqual(Object.keys(ARCHIVES).sort());
    expect(namesOf("AWS::S3::Bucket")).toEqual(["CatalogBucket"]);
    const prefixes = STAGES.flatMap(rulesOf).flatMap(({ Prefix }) => Prefix?.split("/")[0] ?? []);
    expect([...new Set(prefixes)].sort()).toEqual(Object.keys(PREFIXES).sort());
  });

  it.each(STAGES)("%s keeps no content in a queue, an archive or a log, and no history there for long", (stage) => {
    for (const holds of [...Object.values(QUEUES), ...Object.values(ARCHIVES)]) expect(holds).not.toBe("content");
    for (const { name, Properties } of resourcesIn(stage, "AWS::Events::Archive")) {
      expect(Properties.RetentionDays, name).toBeLessThanOrEqual(MAX_EVENT_DAYS);
    }
    for (const { name, Properties } of resourcesIn(stage, "AWS::SQS::Queue")) {
      expect(Properties.MessageRetentionPeriod, name).toBeLessThanOrEqual(MAX_EVENT_DAYS * SECONDS_PER_DAY);
    }
    // That log lines hold keys, codes, counts and times is what the rules of log words prove.
    for (const { name, Properties } of resourcesIn(stage, "AWS::Logs::LogGroup")) {
      expect(Properties.RetentionInDays, name).toBeGreaterThan(0);
    }
  });

  it.each(STAGES)("%s has no copy of content or history that outlives it: no backup, no stream of values", (stage) => {
    for (const { name, Properties } of resourcesIn(stage, "AWS::DynamoDB::Table")) {
      const holds = TABLES[name.replace(/Table$/, "")];
      if (holds !== "content" && holds !== "history") continue;
      const recovery = Properties.PointInTimeRecoverySpecification ?? { PointInTimeRecoveryEnabled: false };
      expect(recovery, name).toMatchObject({ PointInTimeRecoveryEnabled: false });
      const stream: unknown = Properties.StreamSpecification ?? { StreamViewType: "KEYS_ONLY" };
      expect(stream, name).toEqual({ StreamViewType: "KEYS_ONLY" });
    }
  });

  it.each(STAGES)(
    "%s lets no content lie in the bucket for good, and raw answers no longer than S3 can count",
    (stage) => {
      for (const [prefix, holds] of Object.entries(PREFIXES)) {
        const rule = rulesOf(stage).find(({ Prefix }) => Prefix === `${prefix}/`);
        if (holds === "content") expect(rule?.ExpirationInDays, prefix).toBeGreaterThan(0);
      }
      for (const [source, { store_seconds }] of Object.entries(SOURCE_LICENCES)) {
        if (store_seconds === null) continue;
        const rule = rulesOf(stage).find(({ Prefix }) => Prefix === `raw/${source}/`);
        expect(rule?.ExpirationInDays, source).toBe(Math.ceil(store_seconds / SECONDS_PER_DAY));
      }
      for (const { Properties } of resourcesIn(stage, "AWS::S3::Bucket")) {
        // An old version would stay behind what is deleted.
        expect(Properties.VersioningConfiguration).toBeUndefined();
      }
    },
  );
});
