import { windowProducts } from "../../core/runs/dispatch-window.ts";
import { sourceLimit } from "../../core/sources/source-limit.ts";
import type { SourceSettings } from "../../core/sources/source-settings.ts";
import { factsOf } from "./known-facts.ts";

/** Environment that says how much a stage keeps in flight. */
export interface StageWindowEnv {
  readonly SOURCES: readonly SourceSettings[];
  /** Seconds of upstream capacity kept in flight. */
  readonly DISPATCH_WINDOW_SECONDS: number;
}

/**
 * Products that a stage keeps in flight at once: what its first source serves within the window.
 * Without any source one batch at a time is sent, so that its run can say what it waits for.
 */
export const stageWindow = (env: StageWindowEnv): number => {
  const [settings] = env.SOURCES;
  const facts = settings && factsOf(settings.id);
  const [operation] = facts?.operations ?? [];
  if (!settings || !facts || !operation) return 1;
  const { callsPerSecond, allowanceShare } = sourceLimit(facts, operation, settings, "");
  return windowProducts(env.DISPATCH_WINDOW_SECONDS, callsPerSecond * allowanceShare * operation.idsPerCall);
};
