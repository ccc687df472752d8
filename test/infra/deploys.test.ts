import { describe, expect, it } from "vitest";
import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../lib/config/optional-sources.ts";
import { StageSettingsSchema } from "../../lib/config/stage-settings.ts";
import type { Stage } from "../../lib/config/stages.ts";
import { Account } from "./stage/account.ts";
import { buildStage, STAGES, type StageTemplates, templatesOf } from "./stage/synth-stage.ts";

const ORDER = ["Data", "Pipeline", "Shop", "Api", "Monitoring"] as const;

const CREATORS = { id: "creators-api" };
const KEEPA = { id: "keepa" };
const SP_API = { id: "sp-api" };

/** Each setting that changes what is deployed, as people change it; every one is tried from and back to cdk.json's. */
const CHANGES: Readonly<Record<string, Record<string, unknown>>> = {
  "a source is removed": { sources: [CREATORS, SP_API] },
  "all sources but the last one are removed": { sources: [KEEPA] },
  "sources change places": { sources: [KEEPA, CREATORS, SP_API] },
  "PA-API is switched on": { paapi: true },
  "product pages and sample data are switched on": {
    product_pages: PRODUCT_PAGES_ACKNOWLEDGEMENT,
    sample_data: true,
  },
  "only sources without credentials are left": { sources: [{ id: "sample-data" }], sample_data: true },
  "a source is faster": { sources: [{ ...CREATORS, calls_per_second: 50 }, SP_API] },
  "functions get other limits": {
    function_timeout_seconds: 900,
    function_memory_mb: 1024,
    ingest_timeout_seconds: 60,
    ingest_memory_mb: 512,
    upstream_timeout_seconds: 60,
    log_level: "DEBUG",
  },
  "workers change": {
    consumer_concurrency: 50,
    express_concurrency: 2,
    ingest_concurrency: 2,
    export_concurrency: 9,
    upstream_p95_seconds: 5,
    batch_window_seconds: 5,
    dispatch_window_seconds: 60,
    batch_size: "auto",
  },
  "queues change": { visibility_timeout_seconds: 5_000, max_receive_count: 9, queue_retention_days: 1 },
  "the API lets more through": { api_calls_per_second: 500, api_burst_calls: 1000 },
  "the daily refresh is switched off": { daily_refresh: false },
  "webhooks are switched off": { webhooks: false },
  "webhooks go faster": { webhook_concurrency: 20, webhook_allowed_addresses: [] },
  "the shop line is switched off": { shop_line: false },
  "the shop line announces nothing and works faster": {
    ...{ shop_topic: false, assembly_concurrency: 10, shop_calls_per_second: 100, shop_burst_calls: 300 },
  },
  "no requests come by events": { event_requests: false },
  "only requests get events, and others are asked": { product_events: "requested", downstream_events: true },
  "upstreams are simulators": { simulated: true },
  "a browser may call": { allowed_origins: ["https://console.example.com"] },
  "somebody else runs it": { contact: "https://shop.example/contact" },
  "alarms ring elsewhere and later": { alarm_email: "other@example.com", alarms: { queue_depth: 5_000 } },
  "a licence is lifted": {
    licence_acknowledgements: {
      "creators-api": { history: "Jo Doe of Amazon agreed to price history on 2026-11-02." },
    },
  },
  "it is of another kind": { kind: "dev" },
  "another shop is the one of requests that name none": { default_marketplace: "www.amazon.de" },
  "things are kept for other times": { log_retention_days: 1, raw_retention_days: 1 },
};

/** Settings that move a stage to another place: it is another deployment there, and nothing of the first one changes. */
const PLACE = ["account", "region"];

const templates = new Map<string, StageTemplates>();
const templatesWith = (stage: Stage, settings: Record<string, unknown>): StageTemplates => {
  const key = JSON.stringify([stage, settings]);
  const found = templates.get(key) ?? templatesOf(buildStage(stage, { settings }));
  templates.set(key, found);
  return found;
};

/** Deploys all stacks in their order, as `cdk deploy --all` does. */
const deployAll = (account: Account, stage: Stage, settings: Record<string, unknown>): string[] =>
  ORDER.flatMap((name) => account.deploy(`Enrichline-${stage}-${name}`, templatesWith(stage, settings)[name]));

describe("a change of settings", () => {
  it.each(Object.keys(CHANGES))("deploys and can be taken back: %s", (change) => {
    const account = new Account();
    for (const settings of [{}, CHANGES[change] ?? {}, {}, CHANGES[change] ?? {}]) {
      expect(deployAll(account, "prod", settings)).toEqual([]);
    }
  });

  it("is tried here for every setting that there is", () => {
    const tried = new Set(Object.values(CHANGES).flatMap((change) => Object.keys(change)));
    expect([...tried].sort()).toEqual(
      Object.keys(StageSettingsSchema.shape)
        .filter((setting) => !PLACE.includes(setting))
        .sort(),
    );
  });

  it("deploys after any other", () => {
    const account = new Account();
    for (const settings of Object.values(CHANGES)) expect(deployAll(account, "prod", settings)).toEqual([]);
  });
});

describe("a first deploy that was rolled back", () => {
  it.each(ORDER)("can be repeated after stack %s failed", (failed) => {
    const account = new Account();
    for (const name of ORDER) {
      const template = templatesWith("prod", {})[name];
      if (name === failed) account.failFirstDeploy(`Enrichline-prod-${name}`, template);
      expect(account.deploy(`Enrichline-prod-${name}`, template)).toEqual([]);
    }
  });
});

describe("two stages of one account", () => {
  it("take no name from each other", () => {
    const account = new Account();
    for (const stage of STAGES) expect(deployAll(account, stage, {})).toEqual([]);
  });
});

describe("references between stacks", () => {
  it.each(STAGES)("hold no resource of stage %s in place: any function or queue may be renamed or removed", (stage) => {
    const account = new Account();
    deployAll(account, stage, {});
    expect(account.exportNames).toEqual([]);
  });
});
