import { describe, expect, it } from "vitest";
import { ColumnNames } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/column-names.ts";
import { JsonColumns } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/json-columns.ts";
import { readTableHead } from "../../../../../../../lambdas/common/core/catalogs/ingest/columns/table-head.ts";
import { ValidationError } from "../../../../../../../lambdas/common/core/errors.ts";

describe("the names of columns", () => {
  it("may have 200 characters each and not one more", () => {
    const names = new ColumnNames();
    expect(() => names.add("n".repeat(200))).not.toThrow();
    expect(() => names.add("n".repeat(201))).toThrow(
      `The name of the column "${"n".repeat(40)}…" has 201 characters, and 200 are allowed: shorten the name, or leave the column out.`,
    );
    expect(() => new ColumnNames().add("n".repeat(201))).toThrow(ValidationError);
  });

  it("may take 65,536 bytes of UTF-8 together and not one more", () => {
    const names = new ColumnNames();
    // 109 * 600 bytes, then 136 to the limit.
    for (let i = 0; i < 109; i++) names.add("字".repeat(200));
    expect(() => names.add("n".repeat(136))).not.toThrow();
    expect(() => names.add("note")).toThrow(
      'With the column "note" the names of all columns take more than 65,536 bytes together: shorten the names',
    );
  });

  it("are held to that in the header of a table", () => {
    expect(readTableHead(["asin", "n".repeat(200)]).columns).toHaveLength(2);
    expect(() => readTableHead(["asin", "n".repeat(201)])).toThrow("has 201 characters");
  });

  it("count once for a key that comes again in every JSON item", () => {
    const columns = new JsonColumns();
    for (let i = 0; i < 1_000; i++)
      expect(columns.cellsOf({ value: { ["k".repeat(200)]: i }, keys: undefined, repeated: [] }).ok).toBe(true);
    expect(() => columns.cellsOf({ value: { ["k".repeat(201)]: 1 }, keys: undefined, repeated: [] })).toThrow(
      "has 201 characters",
    );
  });
});
