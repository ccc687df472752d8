import type * as z from "zod";
import type { StageKind } from "./stage-kinds.ts";
import type { StageSettingsSchema } from "./stage-settings.ts";

/** What a stage of each kind has where cdk.json does not say otherwise, beside the defaults of the settings. */
export const KIND_DEFAULTS: Readonly<Record<StageKind, Partial<z.input<typeof StageSettingsSchema>>>> = {
  local: {},
  dev: {
    consumer_concurrency: 2,
    express_concurrency: 2,
    ingest_concurrency: 2,
    export_concurrency: 2,
    daily_refresh: false,
    webhooks: false,
    event_requests: false,
    log_level: "DEBUG",
    log_retention_days: 14,
    raw_retention_days: 7,
  },
  staging: {},
  prod: { log_retention_days: 90 },
};
