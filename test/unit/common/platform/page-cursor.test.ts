import { describe, expect, it } from "vitest";
import { ValidationError } from "../../../../lambdas/common/core/errors.ts";
import { decodeCursor, encodeCursor } from "../../../../lambdas/common/platform/page-cursor.ts";

describe("cursors", () => {
  it("give the key back to the list that they belong to", () => {
    const cursor = encodeCursor("a", { catalog_id: "c", n: 1 });
    expect(decodeCursor("a", cursor)).toEqual({ catalog_id: "c", n: 1 });
    expect(decodeCursor("a", undefined)).toBeUndefined();
    expect(encodeCursor("a", undefined)).toBeUndefined();
  });

  it.each(["", "%%%", Buffer.from("[1]").toString("base64url"), encodeCursor("b", { k: "v" })])(
    "refuse %s",
    (cursor) => {
      expect(() => decodeCursor("a", cursor)).toThrow(ValidationError);
    },
  );
});
