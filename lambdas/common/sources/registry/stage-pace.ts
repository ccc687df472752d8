import { SourceIdSchema } from "../../core/source-ids.ts";
import { sourceLimit } from "../../core/sources/source-limit.ts";
import type { SourceSettings } from "../../core/sources/source-settings.ts";
import { factsOf } from "./known-facts.ts";

/** Of a source that the stage has no settings or this build no facts of: its work is spread out widely. */
const UNKNOWN_PRODUCTS_PER_SECOND = 1;

/** Products a second that a source of the stage serves by its first operation, by the source's id. */
export const stagePace =
  (sources: readonly SourceSettings[]) =>
  (source: string): number => {
    const id = SourceIdSchema.safeParse(source);
    const settings = sources.find((one) => one.id === source);
    const facts = id.success ? factsOf(id.data) : undefined;
    const [operation] = facts?.operations ?? [];
    if (!settings || !facts || !operation) return UNKNOWN_PRODUCTS_PER_SECOND;
    const { callsPerSecond, allowanceShare } = sourceLimit(facts, operation, settings, "");
    return callsPerSecond * allowanceShare * operation.idsPerCall;
  };
