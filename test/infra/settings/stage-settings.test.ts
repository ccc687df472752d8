import { describe, expect, it } from "vitest";
import { loadSettings } from "../../../lib/config/load-settings.ts";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../../lib/config/optional-sources.ts";
import { cdkContext, STAGES, settingsOf } from "../stage/synth-stage.ts";
import { own } from "./own-settings.ts";

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
