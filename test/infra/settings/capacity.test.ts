import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { concurrencyAdvice, LEAST_SETTINGS } from "../../../cli/aws/concurrency-advice.ts";
import {
  concurrencyNeeded,
  consumerConcurrency,
  expressConcurrency,
  liveBatches,
  messagesInWindow,
} from "../../../lib/config/capacity.ts";
import { settingsOf } from "../stage/synth-stage.ts";
import { own } from "./own-settings.ts";

describe("consumer concurrency", () => {
  const at = (calls_per_second: number, upstream_p95_seconds: number) =>
    consumerConcurrency(own({ sources: [{ id: "creators-api", calls_per_second }], upstream_p95_seconds }));

  it("is the rate times the latency and one second more, at least 2 and at most 10", () => {
    expect(at(1, 0.5)).toBe(2);
    expect(at(1, 2)).toBe(3);
    expect(at(2, 2)).toBe(6);
    expect(at(10, 2)).toBe(10);
  });

  it("is what the stage says when it says a number", () => {
    expect(consumerConcurrency(own({ consumer_concurrency: 250 }))).toBe(250);
  });

  it("counts only the share of the allowance that Enrichline may use", () => {
    const sources = [{ id: "creators-api", calls_per_second: 4, allowance_share: 0.5 }];
    expect(consumerConcurrency(own({ sources, upstream_p95_seconds: 1.5 }))).toBe(5);
  });
});

describe("express concurrency", () => {
  const at = (calls_per_second: number, allowance_share = 1) =>
    expressConcurrency(own({ sources: [{ id: "creators-api", calls_per_second, allowance_share }] }));

  it("holds the slots of the next four seconds, with at least 2 workers and at most 10", () => {
    expect([0.25, 1, 2, 2.5, 50].map((rate) => at(rate))).toEqual([2, 4, 8, 10, 10]);
    expect(at(4, 0.25)).toBe(4);
    expect(expressConcurrency(own({}))).toBe(4);
  });

  it("is what the stage says when it says a number", () => {
    expect(expressConcurrency(own({ express_concurrency: 25 }))).toBe(25);
  });
});

describe("what a stage takes of the account's concurrency", () => {
  it("is all its workers, and room for the API and the functions that run every minute", () => {
    const settings = { consumer_concurrency: 3, express_concurrency: 10, ingest_concurrency: 4, export_concurrency: 5 };
    expect(concurrencyNeeded(own(settings))).toBe(32);
    expect(concurrencyNeeded(own({ ...settings, consumer_concurrency: "auto" }))).toBe(32);
    expect(concurrencyNeeded(own({ ...settings, express_concurrency: "auto" }))).toBe(26);
    expect(concurrencyNeeded(own({ ...settings, daily_refresh: false }))).toBe(30);
    expect(concurrencyNeeded(own({ ...settings, event_requests: false }))).toBe(30);
    expect(concurrencyNeeded(own({ ...settings, webhooks: false }))).toBe(28);
    expect(concurrencyNeeded(own({ ...settings, downstream_events: true }))).toBe(34);
  });

  it("fits on stage dev into the ten that a new account has", () => {
    expect(concurrencyNeeded(settingsOf("dev"))).toBe(10);
  });

  it.each(["staging", "prod", "local"] as const)(
    "fits there on stage %s with the settings that are advised",
    (stage) => {
      expect(concurrencyNeeded({ ...settingsOf(stage), ...LEAST_SETTINGS })).toBeLessThanOrEqual(10);
    },
  );

  it("is advised whole, by the CLI and by the README", () => {
    const { next_step } = concurrencyAdvice("staging", {
      region: "eu-central-1",
      quota: 10,
      unreserved: 10,
      needed: 24,
    });
    const readme = readFileSync("README.md", "utf8");
    for (const [name, value] of Object.entries(LEAST_SETTINGS)) {
      expect(next_step).toContain(`${name} ${value}`);
      if (value === false) expect(readme).toContain(`\`${name}\``);
    }
  });

  it("leaves streams one batch of a shard at a time where ten is all there is", () => {
    expect([liveBatches(settingsOf("dev")), liveBatches(settingsOf("staging"))]).toEqual([1, 4]);
  });
});

describe("messages in the dispatch window", () => {
  it("are what the rate serves within the window, ten products a call", () => {
    expect(messagesInWindow(own({}))).toBe(8);
    expect(messagesInWindow(own({ batch_size: "auto" }))).toBe(10);
    expect(messagesInWindow(own({ sources: [{ id: "creators-api", calls_per_second: 50 }] }))).toBe(375);
  });
});
