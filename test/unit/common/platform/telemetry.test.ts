import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { ConfigError } from "../../../../lambdas/common/core/errors.ts";
import { METRIC_NAMESPACE, METRICS } from "../../../../lambdas/common/core/metric-names.ts";
import { createLogger } from "../../../../lambdas/common/platform/logger.ts";
import { createMeter, type Meter } from "../../../../lambdas/common/platform/metrics.ts";
import { newId } from "../../../../lambdas/common/platform/new-id.ts";
import { parseEnv } from "../../../../lambdas/common/platform/parse-env.ts";
import { createSystemClock } from "../../../../lambdas/common/platform/system-clock.ts";

const MetricDocumentSchema = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(z.object({ Namespace: z.string(), Dimensions: z.array(z.array(z.string())) })),
  }),
});
type MetricDocument = z.infer<typeof MetricDocumentSchema>;

/** What a piece of code writes to the console, line by line. */
const printed = (write: () => void): string[] => {
  const { lines, stop } = listen();
  write();
  stop();
  return lines;
};

const listen = (): { readonly lines: string[]; readonly stop: () => void } => {
  const lines: string[] = [];
  const keep = (line: unknown) => void lines.push(String(line));
  const methods = ["log", "info", "warn", "error", "debug"] as const;
  const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(keep));
  const stop = () => {
    for (const spy of spies) spy.mockRestore();
  };
  return { lines, stop };
};

afterEach(() => vi.unstubAllEnvs());

describe("meter", () => {
  beforeEach(() => {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    vi.stubEnv("POWERTOOLS_SERVICE_NAME", "test-function");
  });

  const documentsOf = (write: (meter: Meter) => void): MetricDocument[] => {
    const meter = createMeter("staging");
    return printed(() => write(meter)).map((line) => MetricDocumentSchema.parse(JSON.parse(line)));
  };
  const dimensionsOf = (document: MetricDocument): unknown[] =>
    document._aws.CloudWatchMetrics.map(({ Namespace, Dimensions }) => [Namespace, Dimensions]);

  it("writes counts, durations and gauges in the namespace that the alarms watch, with their stage", () => {
    const documents = documentsOf((meter) => {
      meter.count(METRICS.ENRICHMENT_SUCCESSES, 3);
      meter.duration(METRICS.PROCESSING_DURATION, 250);
      meter.gauge(METRICS.QUOTA_USED_SHARE, 0.5, { source: "keepa" });
      meter.flush();
    });
    const shared = { service: "test-function", stage: "staging" };
    expect(documents).toEqual([
      expect.objectContaining({ ...shared, EnrichmentSuccesses: 3, ProcessingDuration: 250 }),
      expect.objectContaining({ ...shared, QuotaUsedShare: 0.5, source: "keepa" }),
    ]);
    expect(documents.flatMap(dimensionsOf)).toEqual([
      [METRIC_NAMESPACE, [["service", "stage"]]],
      [METRIC_NAMESPACE, [["service", "stage", "source"]]],
    ]);
  });

  it("keeps every value of a metric, and writes what has the same dimensions once", () => {
    const documents = documentsOf((meter) => {
      for (let value = 0; value < 250; value += 1) meter.duration(METRICS.PROCESSING_DURATION, value, { region: "EU" });
      meter.count(METRICS.CACHE_HITS, 1, { region: "EU" });
      meter.flush();
      meter.flush();
    });
    const values = documents.flatMap(({ ProcessingDuration }) => ProcessingDuration ?? []);
    expect(values).toEqual(Array.from({ length: 250 }, (_, value) => value));
    expect(documents.map(({ CacheHits }) => CacheHits)).toEqual([undefined, undefined, 1]);
  });
});

describe("logger", () => {
  it("writes one JSON document a line with level, message and fields", () => {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
    const lines = printed(() => {
      const log = createLogger();
      log.debug("one");
      log.info("two", { batch_id: "b" });
      log.warn("three");
      log.error("four", { error: "x" });
    });
    const documents = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(documents.map(({ level, message }) => [level, message])).toEqual([
      ["DEBUG", "one"],
      ["INFO", "two"],
      ["WARN", "three"],
      ["ERROR", "four"],
    ]);
    expect(documents[1]).toMatchObject({ batch_id: "b" });
  });

  it("carries fields of the work at hand, and drops them with it, even when it fails", async () => {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
    const { lines, stop } = listen();
    const log = createLogger();
    try {
      await log.during({ correlation_id: ["a", "b"] }, async () => {
        log.info("merged");
        log.info("one record", { correlation_id: "b" });
        await log.during({ correlation_id: "b", message_id: "m" }, async () => log.info("inside"));
        log.info("outside again");
      });
      log.info("after");
      await log.during({ correlation_id: "c" }, () => Promise.reject(new Error("broken"))).catch(() => undefined);
      log.info("after a failure");
    } finally {
      stop();
    }
    const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said.map(({ message, correlation_id }) => [message, correlation_id])).toEqual([
      ["merged", ["a", "b"]],
      ["one record", "b"],
      ["inside", "b"],
      ["outside again", ["a", "b"]],
      ["after", undefined],
      ["after a failure", undefined],
    ]);
    expect(said.filter(({ message_id }) => message_id !== undefined)).toHaveLength(1);
  });
});

describe("environment", () => {
  const Schema = z.object({ QUEUE_URL: z.url(), LIMIT: z.coerce.number().int() });

  it("is parsed once, into the types that the function works with", () => {
    expect(parseEnv(Schema, { QUEUE_URL: "https://queue", LIMIT: "3" })).toEqual({
      QUEUE_URL: "https://queue",
      LIMIT: 3,
    });
  });

  it("that is wrong names every variable, and the function does not start", () => {
    expect(() => parseEnv(Schema, { LIMIT: "x" })).toThrow(ConfigError);
    expect(() => parseEnv(Schema, { LIMIT: "x" })).toThrow(/QUEUE_URL.*LIMIT/);
  });
});

describe("ids and clock", () => {
  it("give distinct ids of the length asked for, without look-alike letters", () => {
    const ids = Array.from({ length: 500 }, () => newId(12));
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{12}$/);
  });

  it("sleep at once when there is nothing to wait for", async () => {
    const systemClock = createSystemClock({ CLOCK_FILE: "" });
    const before = systemClock.now();
    await systemClock.sleep(-5);
    await systemClock.sleep(1);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});
