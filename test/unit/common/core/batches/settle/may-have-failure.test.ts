import { describe, expect, it } from "vitest";
import { mayHaveFailure } from "../../../../../../lambdas/common/core/batches/settle/may-have-failure.ts";
import { anItem } from "../../../../../helpers/rows.ts";

describe("whether a product may have a failure row", () => {
  it("is said of those that were reopened or came to grief, and of no other", () => {
    expect(mayHaveFailure(anItem())).toBe(false);
    expect(mayHaveFailure(anItem({ waited: true, suspicions: 0 }))).toBe(false);
    for (const sign of [{ reopened: true }, { attempts: 1 }, { suspicions: 1 }, { error_code: "NotFound" }])
      expect(mayHaveFailure(anItem(sign))).toBe(true);
  });
});
