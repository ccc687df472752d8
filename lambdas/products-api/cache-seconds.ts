import type { CacheSeconds } from "../common/core/products/look-up-rules.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import { describeSource } from "../common/sources/registry/registry.ts";
import type { Env } from "./env.ts";

/** Of a source that the stage has no more: what it once gave is still in the table. */
const DEFAULT_CACHE_SECONDS = 1_800;

/** How long look-ups take from the table what a source gave: the stage's setting, else the source's own. */
export const cacheSecondsOf = ({ SOURCES }: Pick<Env, "SOURCES">): CacheSeconds => {
  const seconds = new Map<SourceId, number>();
  for (const { id, cache_seconds } of SOURCES) {
    const own = cache_seconds ?? describeSource(id)?.cacheTtl;
    if (own !== undefined) seconds.set(id, own);
  }
  return (source) => seconds.get(source) ?? describeSource(source)?.cacheTtl ?? DEFAULT_CACHE_SECONDS;
};
