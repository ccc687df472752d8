import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FailureGroupRow, untouched } from "../../../../../lambdas/common/core/failures/failure-group-row.ts";
import { afterVerb, caughtUp } from "../../../../../lambdas/common/core/failures/group-state.ts";
import { type FailingRun, tallyGroups } from "../../../../../lambdas/common/core/failures/group-tally.ts";
import { aRun, NOON } from "../../../../helpers/rows.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("the life of a failure group", 20_261_130);
const GROUP = "RetriesExhausted.keepa";
const at = (second: number): string => new Date(NOON + second * 1_000).toISOString();

const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("fail" as const), product: fc.nat(7) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("succeed" as const), product: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("resolve" as const, "reopen" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("ignore" as const), seconds: fc.option(fc.integer({ min: 1, max: 9 })) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("look" as const) }) },
);

/** What a person would keep on paper: which products are failed, and since when somebody's word holds. */
class Paper {
  readonly failed = new Map<number, number>();
  word: { state: "resolved" | "ignored"; since: number; until: number | null } | undefined;
  last = 0;

  state(now: number): string {
    if (this.word?.state === "ignored" && (this.word.until === null || this.word.until > now)) return "ignored";
    if (this.failed.size === 0) return "resolved";
    if (this.word?.state === "resolved" && this.last <= this.word.since) return "resolved";
    return "open";
  }
}

/** Two runs of four products each, as they count their failures. */
const runsOf = (paper: Paper, lasts: readonly [number, number]): FailingRun[] =>
  [0, 1].map((half) => {
    const count = [...paper.failed.keys()].filter((product) => product % 2 === half).length;
    return aRun({
      ...{ batch_id: `enrich_cat_${half}_1`, catalog_id: `cat_${half}`, enriched: 4 - count, failed: count },
      failure_groups: { [GROUP]: count },
      failure_firsts: { [GROUP]: at(0) },
      failure_lasts: { [GROUP]: at(lasts[half] ?? 0) },
    });
  });

describe("the life of a failure group", () => {
  it("is that of a list on paper, whatever fails, succeeds, repeats and is said, and however often somebody looks", () => {
    const states: Record<string, number> = {};
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 40 }), (acts) => {
        const paper = new Paper();
        const lasts: [number, number] = [0, 0];
        let row: FailureGroupRow = untouched(GROUP, at(0));
        let now = 0;
        for (const one of acts) {
          now += 1;
          if (one.do === "fail") {
            // A product that failed already, and fails again after a retry, counts once.
            paper.failed.set(one.product, now);
            lasts[one.product % 2] = now;
            paper.last = now;
          } else if (one.do === "succeed") paper.failed.delete(one.product);
          const seen = tallyGroups(runsOf(paper, lasts)).get(GROUP);
          expect(seen?.count ?? 0).toBe(paper.failed.size);
          // A run whose products of the group are all well again says nothing of when they failed.
          paper.last = seen === undefined ? paper.last : Date.parse(seen.last_seen) / 1_000 - NOON / 1_000;
          const caught = caughtUp(row, seen, NOON + now * 1_000);
          expect(caught.state).toBe(paper.state(now));
          states[caught.state] = (states[caught.state] ?? 0) + 1;
          if (one.do === "look" || one.do === "fail" || one.do === "succeed") continue;
          if (one.do === "reopen" && paper.failed.size === 0) continue;
          const said = { by: "u", note: null };
          row =
            one.do === "ignore"
              ? afterVerb(
                  caught,
                  { verb: "ignore", ...said, until: one.seconds === null ? null : at(now + one.seconds) },
                  NOON + now * 1_000,
                )
              : afterVerb(caught, { verb: one.do, ...said }, NOON + now * 1_000);
          if (one.do === "reopen") paper.word = undefined;
          else {
            const until = one.do === "ignore" && one.seconds !== null ? now + one.seconds : null;
            const same = paper.word?.state === "resolved" && one.do === "resolve" && paper.state(now) === "resolved";
            if (!same) paper.word = { state: one.do === "ignore" ? "ignored" : "resolved", since: now, until };
          }
          expect(row.history.length).toBeLessThanOrEqual(100);
          expect(row.state).toBe(paper.state(now));
        }
      }),
      { seed: SEED, numRuns: testRuns(200) },
    );
    expect(Object.keys(states).sort()).toEqual(["ignored", "open", "resolved"]);
  });
});
