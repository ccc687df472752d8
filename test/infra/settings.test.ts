import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { concurrencyAdvice, LEAST_SETTINGS } from "../../cli/aws/concurrency-advice.ts";
import {
  concurrencyNeeded,
  consumerConcurrency,
  expressConcurrency,
  liveBatches,
  messagesInWindow,
} from "../../lib/config/capacity.ts";
import { loadSettings } from "../../lib/config/load-settings.ts";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../lib/config/optional-sources.ts";
import { cdkContext, STAGES, settingsOf } from "./stage/synth-stage.ts";

const own = (settings: Record<string, unknown>, extra: Record<string, unknown> = {}) => {
  const context: Record<string, unknown> = {
    stage: "dev",
    // As a stage of kind staging, which adds nothing to the defaults.
    stages: { dev: { kind: "staging", sources: [{ id: "creators-api" }], ...settings } },
    ...extra,
  };
  return loadSettings((key) => context[key]);
};

describe("stage settings", () => {
  it.each(STAGES)("of cdk.json are complete and valid for stage %s", (stage) => {
    expect(settingsOf(stage)).toMatchObject({ stage, disposable: stage === "local", batch_size: 20 });
  });

  it("say that only stage local talks to simulators", () => {
    expect(STAGES.filter((stage) => settingsOf(stage).simulated)).toEqual(["local"]);
  });

  it("have the defaults that the design names", () => {
    expect(own({})).toMatchObject({
      batch_size: 20,
      consumer_concurrency: "auto",
      function_timeout_seconds: 150,
      function_memory_mb: 512,
      dispatch_window_seconds: 15,
      upstream_timeout_seconds: 30,
      max_receive_count: 5,
      queue_retention_days: 14,
    });
  });

  it("ask for a stage when none is given, and say how to name or make one when it is unknown", () => {
    const asked = (stage: unknown) => () => loadSettings((key) => ({ ...cdkContext(), stage })[key]);
    expect(asked(undefined)).toThrow(/no stage was given: add -c stage=<stage>, one of local, dev/);
    expect(asked("prodd")).toThrow(
      /no stage "prodd".*one of local, dev, staging, prod; or make it with "prodd": \{"kind": "dev"\} under "stages"/,
    );
    for (const name of ["", "x", "Prod", "-prod", "1st", "a_b", "p".repeat(21), 7]) {
      expect(asked(name), String(name)).toThrow("cannot be the name of a stage, which has 2 to 20 small letters");
    }
  });

  it("refuse an unknown key with the list of known ones", () => {
    expect(() => own({ batch_sise: 20 })).toThrow(
      /unknown "batch_sise".*Known settings: .*batch_size.*log_retention_days/,
    );
    expect(() => own({ alarms: { queue_dept: 1 } })).toThrow(/unknown "alarms.queue_dept"/);
    expect(() => own({ sources: [{ id: "creators-api", cals_per_second: 1 }] })).toThrow(
      /unknown "sources.0.cals_per_second"/,
    );
  });

  it.each([
    ["batch_size", 4],
    ["batch_size", 51],
    ["consumer_concurrency", 1],
    ["consumer_concurrency", 1001],
    ["export_concurrency", 1],
    ["function_timeout_seconds", 59],
    ["function_timeout_seconds", 901],
    ["function_memory_mb", 511],
    ["function_memory_mb", 3009],
    ["max_receive_count", 4],
    ["log_retention_days", 31],
    ["alarm_email", "nobody"],
    ["allowed_origins", ["localhost"]],
    ["sources", []],
  ])("refuse %s = %j by its name", (key, value) => {
    expect(() => own({ [key]: value })).toThrow(new RegExp(`settings of stage dev are wrong: ${key}`));
  });

  it.each([
    ["batch_size", 5],
    ["batch_size", 50],
    ["batch_size", "auto"],
    ["consumer_concurrency", 2],
    ["consumer_concurrency", 1000],
    ["function_timeout_seconds", 60],
    ["function_timeout_seconds", 900],
    ["function_memory_mb", 3008],
  ])("take %s = %j", (key, value) => {
    expect(own({ [key]: value })).toMatchObject({ [key]: value });
  });

  it("refuse the same source twice", () => {
    expect(() => own({ sources: [{ id: "keepa" }, { id: "keepa" }] })).toThrow(/a source is named twice/);
  });

  it("refuse a day zone that does not exist, and product pages at a rate at which they would overlap", () => {
    const zoned = { id: "creators-api", day_zone: "America/Los_Angeles" };
    expect(own({ sources: [zoned] }).sources[0]).toMatchObject(zoned);
    expect(() => own({ sources: [{ ...zoned, day_zone: "Pacific" }] })).toThrow(
      /sources\.0\.day_zone: is no time zone: use a name such as America\/Los_Angeles/,
    );
    const pages = {
      sources: [{ id: "product-page", calls_per_second: 1 }],
      product_pages: PRODUCT_PAGES_ACKNOWLEDGEMENT,
    };
    expect(() => own(pages)).toThrow(/sources\.0\.calls_per_second: pages are read one at a time/);
  });

  it("ask prod for somebody who is notified of alarms, and say how to name them", () => {
    const prod = (settings: object) => {
      const context: Record<string, unknown> = { ...cdkContext(), stage: "prod", settings };
      return loadSettings((key) => context[key]);
    };
    expect(() => prod({})).toThrow(
      /stages\.prod\.alarm_email is missing.*"alarm_email": "<address>" under "prod" in cdk\.json/,
    );
    expect(prod({ alarm_email: "ops@example.com" }).alarm_email).toBe("ops@example.com");
    expect(own({}).alarm_email).toBeUndefined();
  });

  it("refuse a visibility timeout under six function timeouts, except on stage local", () => {
    expect(() => own({ visibility_timeout_seconds: 900 })).toThrow(/must be 901 or more/);
    expect(own({ visibility_timeout_seconds: 901 }).visibility_timeout_seconds).toBe(901);
    expect(settingsOf("local", { settings: { visibility_timeout_seconds: 30 } }).visibility_timeout_seconds).toBe(30);
  });

  it("refuse an upstream timeout that leaves no time to record the answer", () => {
    expect(() => own({ function_timeout_seconds: 60, upstream_timeout_seconds: 31 })).toThrow(/at most half/);
  });

  it("take single settings and addresses of simulators from the command line, as JSON text", () => {
    const config = own(
      {},
      { settings: '{"batch_size":30}', endpoints: '{"creators-api":{"api":"http://127.0.0.1:9/api"}}' },
    );
    expect(config.batch_size).toBe(30);
    expect(config.sources).toEqual([
      { id: "creators-api", allowance_share: 1, endpoints: { api: "http://127.0.0.1:9/api" } },
    ]);
  });

  it("take addresses of sources that are off, without asking them", () => {
    const config = own({}, { endpoints: '{"keepa":{"api":"http://127.0.0.1:9"}}' });
    expect(config.sources.map(({ id }) => id)).toEqual(["creators-api"]);
  });

  it("refuse addresses of a source that does not exist, and text that is no JSON", () => {
    expect(() => own({}, { endpoints: '{"keeper":{"api":"http://127.0.0.1:9"}}' })).toThrow(
      /names keeper, but there is creators-api, paapi, sp-api, keepa/,
    );
    expect(() => own({}, { settings: "batch_size=3" })).toThrow(/"settings" must be a JSON object/);
    expect(() => own({}, { endpoints: '{"creators-api":{"api":"no address"}}' })).toThrow(
      /"endpoints" is wrong: creators-api.api/,
    );
  });
});

describe("the kind of a stage", () => {
  const stage = (name: string, settings: object, extra: object = {}) => {
    const context: Record<string, unknown> = { stages: { [name]: settings }, stage: name, ...extra };
    return loadSettings((key) => context[key]);
  };

  it("is all that a stage of any name must say", () => {
    for (const name of ["test", "prod-eu", "a1", "z".repeat(20)]) {
      expect(stage(name, { kind: "staging" })).toMatchObject({ stage: name, disposable: false, emulated: false });
    }
    expect(stage("test", { kind: "dev" }).sources.map(({ id }) => id)).toEqual(["creators-api", "sp-api", "keepa"]);
    for (const kind of [undefined, "test", 1]) {
      expect(() => stage("test", { kind })).toThrow(
        "settings of stage test are wrong: kind: must be one of local, dev, staging, prod",
      );
    }
  });

  it("gives what the stage does not say otherwise", () => {
    expect(concurrencyNeeded(stage("test", { kind: "dev" }))).toBe(10);
    expect(stage("test", { kind: "dev", log_level: "WARN" })).toMatchObject({
      log_level: "WARN",
      log_retention_days: 14,
    });
    expect(stage("test", { kind: "dev" }, { settings: { webhooks: true } }).webhooks).toBe(true);
  });

  it("is the switch, not the name: prod-eu is asked for somebody to notify, and stages of kind staging are not", () => {
    expect(() => stage("prod-eu", { kind: "prod" })).toThrow("stages.prod-eu.alarm_email is missing");
    expect(stage("prod-eu", { kind: "prod", alarm_email: "ops@example.com" }).log_retention_days).toBe(90);
    expect(stage("prod", { kind: "staging" }).alarm_email).toBeUndefined();
  });

  it("is local for stage local alone", () => {
    expect(() => stage("test", { kind: "local" })).toThrow("is the only one of kind local");
    expect(() => stage("local", { kind: "dev" })).toThrow("is the only one of kind local");
    expect(() => stage("local", { kind: "local", region: "eu-central-1" })).toThrow("is deployed to the emulator");
  });
});

describe("the account and the region of a stage", () => {
  it("are left to who deploys unless the stage says them", () => {
    expect(own({})).not.toHaveProperty("account");
    expect(own({ account: "012345678901", region: "ap-southeast-2" })).toMatchObject({
      account: "012345678901",
      region: "ap-southeast-2",
    });
    expect(own({ region: "us-gov-west-1" }).region).toBe("us-gov-west-1");
  });

  it.each([
    ["account", 123456789012, "must be|expected string"],
    ["account", "1234", "must be the 12 digits of an AWS account, in quotes"],
    ["region", "Frankfurt", "must be an AWS region, such as eu-central-1"],
  ])("refuse %s = %j", (key, value, words) => {
    expect(() => own({ [key]: value })).toThrow(new RegExp(words));
  });
});

describe("the canary of a stage", () => {
  it("is off, and on where its findings can be watched", () => {
    expect(own({}).health_canary).toBe(false);
    expect(own({ health_canary: true, region: "us-east-1" }).health_canary).toBe(true);
  });

  it.each([
    [{}, "not said"],
    [{ region: "eu-central-1" }, "eu-central-1"],
  ])("is refused elsewhere with what to do instead: %j", (place, said) => {
    expect(() => own({ health_canary: true, ...place })).toThrow(
      `stages.dev.health_canary needs "region": "us-east-1" under "dev", but that is ${said}`,
    );
  });

  it("is refused on stage local, which nobody outside reaches", () => {
    expect(() => settingsOf("local", { settings: { health_canary: true } })).toThrow(
      "stages.local.health_canary is for stages on AWS only",
    );
  });
});

describe("the sources of a stage", () => {
  const ids = (settings: Record<string, unknown>) => own(settings).sources.map(({ id }) => id);

  it("are the licensed ones in the order of their accuracy, on every stage", () => {
    for (const stage of STAGES) {
      expect(settingsOf(stage).sources.map(({ id }) => id)).toEqual(["creators-api", "sp-api", "keepa"]);
    }
  });

  it("get the optional ones by their switches: PA-API after the Creators API, the others last", () => {
    const sources = [{ id: "creators-api" }, { id: "keepa" }];
    const product_pages = PRODUCT_PAGES_ACKNOWLEDGEMENT;
    expect(ids({ sources, paapi: true })).toEqual(["creators-api", "paapi", "keepa"]);
    expect(ids({ sources, sample_data: true, product_pages })).toEqual([
      "creators-api",
      "keepa",
      "product-page",
      "sample-data",
    ]);
    expect(ids({ sources: [{ id: "keepa" }], paapi: true })).toEqual(["paapi", "keepa"]);
  });

  it("keep the place and limits that the stage lists for an optional one", () => {
    const sources = [{ id: "creators-api" }, { id: "keepa" }, { id: "paapi", calls_per_second: 2 }];
    expect(own({ sources, paapi: true }).sources.at(-1)).toMatchObject({ id: "paapi", calls_per_second: 2 });
  });

  it.each([
    ["paapi", "paapi"],
    ["product-page", "product_pages"],
    ["sample-data", "sample_data"],
  ])("refuse a listed %s without its switch", (id, setting) => {
    expect(() => own({ sources: [{ id }] })).toThrow(new RegExp(`${id} needs stages.dev.${setting}`));
  });

  it("take product pages only by the sentence that takes the blame, and say which", () => {
    for (const product_pages of [true, "yes"]) {
      expect(() => own({ product_pages })).toThrow(/product_pages: must be false, or "Amazon's Conditions of Use/);
    }
  });
});

describe("bundles that were made before", () => {
  const settingsWith = (stage: "local" | "prod", bundles: unknown) => () => settingsOf(stage, { bundles });

  it("are taken by stage local, and named by no other", () => {
    expect(settingsOf("local", { bundles: "/made/before" }).bundles).toBe("/made/before");
    expect(settingsOf("local")).not.toHaveProperty("bundles");
    expect(settingsWith("prod", "/made/before")).toThrow(/"bundles" is for stage local only; leave it out for prod/);
    expect(settingsWith("local", "")).toThrow(/"bundles" must be a folder/);
  });
});

describe("the clock of functions", () => {
  it("can be moved on stage local alone", () => {
    expect(settingsOf("local", { clock_file: "/where/it/is" }).clockFile).toBe("/where/it/is");
    for (const stage of STAGES) {
      expect(settingsOf(stage)).not.toHaveProperty("clockFile");
      if (stage === "local") continue;
      expect(() => settingsOf(stage, { clock_file: "/a" })).toThrow(`"clock_file" is for stage local only`);
      expect(() => settingsOf(stage, { settings: { clock_file: "/a" } })).toThrow(/unknown "clock_file"/);
    }
  });
});

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

describe("addresses that webhooks may have although they are not public", () => {
  it("are none on any stage but local, whose receivers are on its machine", () => {
    for (const stage of STAGES) {
      expect(settingsOf(stage).webhook_allowed_addresses).toEqual(stage === "local" ? ["127.0.0.1", "::1"] : []);
    }
    expect(() => own({ webhook_allowed_addresses: ["10.0.0.1"] })).toThrow(
      "stages.dev.webhook_allowed_addresses is for stage local only",
    );
    expect(() => own({ webhook_allowed_addresses: ["localhost"] })).toThrow("must be an IP address");
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
