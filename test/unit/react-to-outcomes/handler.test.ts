import { describe, expect, it } from "vitest";
import { EVENT_SCHEMAS } from "../../../lambdas/common/core/contract/events/event-schemas.ts";
import type { OutgoingEvent } from "../../../lambdas/common/core/contract/events/outgoing-event.ts";
import type { ConsumedQueue } from "../../../lambdas/common/platform/sqs/consumed-queue.ts";
import { createHandler } from "../../../lambdas/react-to-outcomes/handler.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";

const TIME = "2026-11-29T12:00:00.000Z";
const PRODUCT = { asin: "B0EXAMPLE1", region: "www.amazon.com", request_id: "r-1" };
const event = (name: string, data: object) => ({
  ...{ id: "x", source: "enrichline", "detail-type": name },
  detail: { id: "evt_1", version: 1, time: TIME, correlation_id: "corr-1", data: { ...PRODUCT, ...data } },
});
const enriched = event("ProductEnriched", {
  color_variants: [{ asin: "B0EXAMPLE2", color_name: "Secret red" }],
  ...{ processing_ms: 1_200, enriched_at: TIME },
});
const failed = (error_code: string, asin = PRODUCT.asin) =>
  event("ProductEnrichmentFailed", {
    ...{ asin, error_code, error_message: "the batch made no progress", failed_at: TIME, retry_count: 0 },
  });

const react = async (
  raw: unknown,
  options: { isDownstreamOn?: boolean; isTopicAway?: boolean; queue?: ConsumedQueue } = {},
) => {
  const published: OutgoingEvent[] = [];
  const alerts: [string, object][] = [];
  const work = createHandler({
    bus: { publish: async (events) => void published.push(...events) },
    alerts: {
      alert: async (subject, message) => {
        if (options.isTopicAway) throw new Error("the topic is away");
        alerts.push([subject, message]);
      },
    },
    isDownstreamOn: options.isDownstreamOn ?? true,
    queue: options.queue,
    ...{ log: silentLog, meter: silentMeter },
  })(raw, { getRemainingTimeInMillis: () => 30_000 });
  let failed: string[] | undefined;
  const error = await work.then((answer) => {
    failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    return undefined;
  }, String);
  return { error, failed, published, alerts };
};

describe("a product that was enriched", () => {
  it("leads to requests that name it and carry no text of it", async () => {
    const { published, alerts } = await react(enriched);
    expect(published.map(({ name, data }) => [name, data])).toEqual([
      ["ContentGenerationRequested", { ...PRODUCT, type: "enhanced" }],
      ["QualityAssessmentRequested", { ...PRODUCT, reason: "post-enrichment" }],
      [
        "AnalyticsRecorded",
        { ...PRODUCT, outcome: "enriched", error_code: null, processing_ms: 1_200, recorded_at: TIME },
      ],
    ]);
    for (const { name, data } of published) expect(EVENT_SCHEMAS[name].safeParse(data).success).toBe(true);
    expect(JSON.stringify(published)).not.toContain("Secret red");
    expect(alerts).toEqual([]);
  });

  it("leads to the same events when it is delivered twice", async () => {
    expect((await react(enriched)).published).toEqual((await react(enriched)).published);
  });

  it("leads to nothing where the stage has it off", async () => {
    expect((await react(enriched, { isDownstreamOn: false })).published).toEqual([]);
  });
});

describe("a product that failed", () => {
  it("is counted for analytics, and alerts nobody when nothing is broken", async () => {
    const { published, alerts } = await react(failed("NotFound"));
    expect(published.map(({ name }) => name)).toEqual(["AnalyticsRecorded"]);
    expect(alerts).toEqual([]);
  });

  it.each([true, false])(
    "alerts with ASIN and message when that is critical, with downstream events %s",
    async (on) => {
      const { alerts } = await react(failed("DEAD_LETTERED"), { isDownstreamOn: on });
      expect(alerts).toEqual([
        [
          "Enrichline: B0EXAMPLE1 failed with DEAD_LETTERED",
          expect.objectContaining({
            asin: "B0EXAMPLE1",
            message: "the batch made no progress",
            correlation_id: "corr-1",
          }),
        ],
      ]);
    },
  );

  it("still puts its event on the bus when the topic is away, and comes again", async () => {
    const { error, published } = await react(failed("UNSTORABLE"), { isTopicAway: true });
    expect(error).toContain("away");
    expect(published).toHaveLength(1);
  });

  it("leads to nothing when it was refused and named no product", async () => {
    expect((await react(failed("InvalidRequest", "nothing"))).published).toEqual([]);
  });
});

describe("outcomes from the queue", () => {
  const queue = {
    changeVisibility: async () => undefined,
    changeVisibilities: async () => undefined,
    remove: async () => undefined,
  };
  const records = (...bodies: readonly unknown[]) => ({
    Records: bodies.map((body, n) => ({
      ...{ messageId: `m-${n}`, receiptHandle: `r-${n}`, body: JSON.stringify(body) },
      attributes: { ApproximateReceiveCount: "1" },
    })),
  });

  it("lead to what those from the bus do, and one that is none of ours keeps no other back", async () => {
    const { failed: back, published } = await react(records(enriched, { id: "no outcome" }, failed("NotFound")), {
      queue,
    });
    expect(back).toEqual(["m-1"]);
    const alone = [...(await react(enriched)).published, ...(await react(failed("NotFound"))).published];
    expect(published).toEqual(alone);
  });

  it("are refused with the reason where the stage has no such queue", async () => {
    const { error, published } = await react(records(enriched));
    expect([error, published]).toEqual([expect.stringContaining("downstream_events"), []]);
  });

  it("come back alone when something failed", async () => {
    const given = records(enriched, failed("UNSTORABLE"));
    expect((await react(given, { queue, isTopicAway: true })).failed).toEqual(["m-1"]);
  });
});

describe("no loop begins", () => {
  it.each([
    "ContentGenerationRequested",
    "QualityAssessmentRequested",
    "AnalyticsRecorded",
    "ProductEnrichmentRequested",
  ])("with %s: it is no outcome and is refused", async (name) => {
    const { error, published } = await react(event(name, { type: "enhanced" }));
    expect(error).toContain("no outcome of ours");
    expect(published).toEqual([]);
  });

  it("with an outcome that somebody else says: it is not ours", async () => {
    expect((await react({ ...enriched, source: "somebody.else" })).error).toContain("no outcome of ours");
  });
});
