import type { Sweep } from "../common/adapters/dynamodb/content-ends/content-ends.ts";
import { isoTime } from "../common/core/clock.ts";
import { errorWords } from "../common/core/error-words.ts";
import { EnrichlineError } from "../common/core/errors.ts";
import { type ContentEnd, hoursBetween } from "../common/core/licences/content-end.ts";
import { goneSources } from "../common/core/licences/revocations/revocation.ts";
import type { RevokedSources } from "../common/core/licences/revocations/without-revoked.ts";
import type { Deps } from "./deps.ts";
import { addProducts, type SweepReport } from "./sweep-report.ts";

/** Rows read at a time, each of up to 100 products. */
const ROWS_PER_READ = 25;

const remove = async (deps: Deps, content: ContentEnd, gone: RevokedSources, report: SweepReport): Promise<void> => {
  switch (content.kind) {
    case "products":
      return addProducts(report, await deps.products.sweep(content.product_keys, gone));
    case "export":
      // A revocation may have removed it before, and has counted it then.
      if (await deps.objects.remove(content.object_key)) report.exports += 1;
      return;
    case "export-pieces":
      return deps.objects.removeBeside(content.object_key);
  }
};

/**
 * Removes all that has ended since the last pass, in the order in which it ended. A fault that may pass ends the pass, and the
 * next one continues there; what can never be removed is passed over and reported, so that it keeps nothing else.
 * @returns how far it came
 */
export const sweepEnds = async (deps: Deps, sweep: Sweep, untilMs: number, report: SweepReport): Promise<Sweep> => {
  const nowMs = deps.clock.now();
  const gone = goneSources(await deps.revocations.list(), nowMs);
  let { place } = sweep;
  const advance = async (to: string): Promise<void> => {
    place = to;
    await deps.ends.saveSweep({ ...sweep, place });
  };
  for (const hour of hoursBetween(Date.parse(place.slice(0, 24)), nowMs)) {
    for (let hasMore = true; hasMore; ) {
      const { due, hasMore: more } = await deps.ends.list(hour, place, isoTime(nowMs), ROWS_PER_READ);
      hasMore = more;
      for (const { place: at, content } of due) {
        try {
          if (!content) throw new Error("the row has no shape that is known");
          await remove(deps, content, gone, report);
        } catch (error) {
          if (error instanceof EnrichlineError && error.retryable) throw error;
          report.passed_over += 1;
          deps.log.error("content that ended cannot be removed", { place: at, content, error: errorWords(error) });
        }
        place = at;
      }
      if (due.length > 0) await advance(place);
      if (deps.clock.now() >= untilMs) return { ...sweep, place };
    }
  }
  // Nothing can be noted before now any more: what is written late is noted as due in a minute.
  await advance(isoTime(nowMs));
  return { ...sweep, place };
};
