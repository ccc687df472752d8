import type * as z from "zod";
import type { StageSettingsSchema } from "./stage-settings.ts";

/**
 * What a stage is for; the stage itself may be named as one likes, such as `test` or `prod-eu`.
 * - `local`: deployed to the emulator. Its data goes with its stacks, and shortcuts for the emulator apply.
 * - `dev`: as small as it can be. It fits into the 10 concurrent functions of a new AWS account.
 * - `staging`: as prod, but nobody has to be notified of its alarms.
 * - `prod`: somebody is notified of its alarms, else it does not synthesize.
 */
export const STAGE_KINDS = ["local", "dev", "staging", "prod"] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

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
