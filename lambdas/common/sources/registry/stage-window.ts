import { windowProducts } from "../../core/runs/dispatch-window.ts";
import type { SourceSettings } from "../../core/sources/source-settings.ts";
import { factsOf } from "./known-facts.ts";
import { stagePace } from "./stage-pace.ts";

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
  if (!settings) return 1;
  const [operation] = factsOf(settings.id)?.operations ?? [];
  if (!operation) return 1;
  return windowProducts(env.DISPATCH_WINDOW_SECONDS, stagePace(env.SOURCES)(settings.id));
};
