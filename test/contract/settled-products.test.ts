import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../local/layout.ts";

/*
 * A product that ended and is in no metric makes the success rate look better than it is. Only the recorder commits what became
 * of products, so each of its callers is in this list: it counts them, or says why none of them ends by it.
 */

const COUNTED = "counted";
/** Whatever commits what became of products. */
const COMMITTING: Readonly<Record<string, string>> = {
  "common/services/dispatch/end-refused-batch.ts": COUNTED,
  "common/services/lifecycle/reopen-failed.ts": "failed products are pending again",
  "common/services/lifecycle/settle-cancelled.ts": "cancelled products did not end by themselves",
  "enrich-batch/finish/apply-late-changes.ts": "cancelled products did not end by themselves",
  "enrich-batch/record/record-run.ts": COUNTED,
  "reconcile/handler.ts": COUNTED,
};
/** Whatever lets a product end as enriched or failed, and which of the above commits it. */
const SETTLING: Readonly<Record<string, string>> = {
  "common/core/batches/unstorable-batch.ts": "common/services/dispatch/end-refused-batch.ts",
  "common/core/runs/overdue-batch.ts": "reconcile/handler.ts",
  "enrich-batch/record/keep-batch.ts": "enrich-batch/record/record-run.ts",
  "enrich-batch/record/settle-batch.ts": "enrich-batch/record/record-run.ts",
};

const files = readdirSync(join(REPOSITORY_ROOT, "lambdas"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({
    name: name.replaceAll("\\", "/"),
    text: readFileSync(join(REPOSITORY_ROOT, "lambdas", name), "utf8"),
  }));
const namesOf = (pattern: RegExp): string[] =>
  files
    .filter(({ text }) => pattern.test(text))
    .map(({ name }) => name)
    .sort();

describe("products that ended", () => {
  it("are committed in these places, each of which counts them unless none ends there", () => {
    expect(namesOf(/\brecorder\.record\(/)).toEqual(Object.keys(COMMITTING).sort());
    const counting = Object.keys(COMMITTING).filter((name) => COMMITTING[name] === COUNTED);
    // What was committed, and not what was meant to be: somebody else may have been first.
    expect(
      namesOf(/committed = await (?:deps\.)?recorder\.record\([\s\S]*?countOutcomes\((?:deps\.)?meter, committed,/),
    ).toEqual(counting.sort());
  });

  it("become so in these places, each of which is committed by one that counts", () => {
    expect(namesOf(/^import \{[^}]*\b(?:giveUpItem|settleItem)\b/m)).toEqual(Object.keys(SETTLING).sort());
    for (const committing of Object.values(SETTLING)) expect(COMMITTING[committing], committing).toBe(COUNTED);
    // Nobody else writes into a batch that a product ended.
    const ends = namesOf(/\bstate: "enriched",|\bstate: "failed", error_code\b/);
    expect(ends).toEqual(["common/core/batches/settle/settle-item.ts"]);
  });

  it("reach the table by one recorder, which one piece builds", () => {
    expect(namesOf(/new OutcomeRecorder\(/)).toEqual(["common/services/wiring/runs/run-stores.ts"]);
  });
});
