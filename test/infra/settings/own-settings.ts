import { loadSettings, type StageConfig } from "../../../lib/config/load-settings.ts";

/**
 * Settings of a stage `dev` that says only these, where an assertion is about no stage of cdk.json.
 * @param extra context beside the stages, as the command line gives it
 */
export const own = (settings: Record<string, unknown>, extra: Record<string, unknown> = {}): StageConfig => {
  const context: Record<string, unknown> = {
    stage: "dev",
    // As a stage of kind staging, which adds nothing to the defaults.
    stages: { dev: { kind: "staging", sources: [{ id: "creators-api" }], ...settings } },
    ...extra,
  };
  return loadSettings((key) => context[key]);
};
