import { PRODUCT_PAGES_ACKNOWLEDGEMENT } from "../../../lib/config/optional-sources.ts";

const CREATORS = { id: "creators-api" };
const KEEPA = { id: "keepa" };
const SP_API = { id: "sp-api" };

/** Each setting that changes what is deployed, as people change it; every one is tried from and back to cdk.json's. */
export const CHANGES: Readonly<Record<string, Record<string, unknown>>> = {
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
  "functions are in a network of their own": { vpc: { private_endpoints: true, availability_zones: 3 } },
  "functions are in a network that is there": {
    vpc: { vpc_id: "vpc-0123456789abcdef0", subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"] },
  },
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
  "it is asked for from outside": { health_canary: true, region: "us-east-1" },
  "a licence is lifted": {
    licence_acknowledgements: {
      "creators-api": { history: "Jo Doe of Amazon agreed to price history on 2026-11-02." },
    },
  },
  "it is of another kind": { kind: "dev" },
  "another shop is the one of requests that name none": { default_marketplace: "www.amazon.de" },
  "things are kept for other times": { log_retention_days: 1, raw_retention_days: 1 },
};
