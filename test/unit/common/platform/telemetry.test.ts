import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { ConfigError } from "../../../../lambdas/common/core/errors.ts";
import { METRIC_NAMESPACE, METRICS } from "../../../../lambdas/common/core/metric-names.ts";
import { createLogger } from "../../../../lambdas/common/platform/logger.ts";
import { createMeter } from "../../../../lambdas/common/platform/metrics.ts";
import { newId } from "../../../../lambdas/common/platform/new-id.ts";
import { parseEnv } from "../../../../lambdas/common/platform/parse-env.ts";
import { systemClock } from "../../../../lambdas/common/platform/system-clock.ts";

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
  it("writes counts, durations and gauges in the namespace that the alarms watch", () => {
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    vi.stubEnv("POWERTOOLS_SERVICE_NAME", "test-function");
    const lines = printed(() => {
      const meter = createMeter();
      meter.count(METRICS.ENRICHMENT_SUCCESSES, 3);
      meter.duration(METRICS.PROCESSING_DURATION, 250);
      meter.gauge(METRICS.QUOTA_USED_SHARE, 0.5, { source: "keepa" });
      meter.flush();
    });
    const documents = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(JSON.stringify(documents)).toContain(METRIC_NAMESPACE);
    expect(documents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ EnrichmentSuccesses: 3, ProcessingDuration: 250 }),
        expect.objectContaining({ QuotaUsedShare: 0.5, source: "keepa" }),
      ]),
    );
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
    const before = systemClock.now();
    await systemClock.sleep(-5);
    await systemClock.sleep(1);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});
