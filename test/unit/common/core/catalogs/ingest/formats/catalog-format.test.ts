import { describe, expect, it } from "vitest";
import { recogniseFormat } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/catalog-format.ts";
import { ValidationError } from "../../../../../../../lambdas/common/core/errors.ts";

const caught = (action: () => unknown): ValidationError => {
  try {
    action();
  } catch (error) {
    if (error instanceof ValidationError) return error;
  }
  throw new Error("no ValidationError was thrown");
};

describe("the format of a catalog", () => {
  it.each([
    ["asin,sku\nB07KNVH9W9,1", "text/csv; charset=utf-8", undefined, "csv"],
    ["asin\tsku\n", "text/tab-separated-values", undefined, "csv"],
    ["asin;sku\n", "application/vnd.ms-excel", "catalog.csv", "csv"],
    ["B07KNVH9W9\n", undefined, undefined, "csv"],
    ['  {"products": [\n', "application/json", undefined, "json"],
    ['["B07KNVH9W9"]', "text/plain", undefined, "json"],
    ['{"asins":["B07KNVH9W9"]}', undefined, undefined, "json"],
    ['{\n "asins":["B07KNVH9W9"]}', undefined, undefined, "json"],
    ['{"asin":"B07KNVH9W9"}\n{"asin":"B08C349G96"}', undefined, undefined, "ndjson"],
    ['{"asin":"B07KNVH9W9"}', "application/octet-stream", undefined, "ndjson"],
    ['{"asin":"B07KNVH9W9"}\n', "text/csv", undefined, "ndjson"],
    ["not json\n", "application/x-ndjson", undefined, "ndjson"],
    ['"B07KNVH9W9"\n', "application/octet-stream", "list.jsonl", "ndjson"],
    ['{"data":[{"asin":"B07KNVH9W9"}],"total":1}', "application/octet-stream", undefined, "json"],
    ['{"asin":"B07KNVH9W9","tags":[]}', undefined, undefined, "ndjson"],
    ['{"tags":[]}\n{"tags":[]}', undefined, undefined, "ndjson"],
    ['{"products":[]}', undefined, "list.ndjson", "ndjson"],
  ])("of %j with type %s and name %s is recognised", (head, type, name, format) => {
    expect(recogniseFormat(head, type, name)).toBe(format);
  });

  it.each([
    ["image/png", 415, /content type image\/png cannot be read/],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 415, /Save the sheet as CSV/],
    ["multipart/form-data; boundary=x", 415, /the file itself must be the body/],
    ["application/x-www-form-urlencoded", 415, /the file itself must be the body/],
    ["application/json", 400, /starts with neither/],
  ])("with the content type %s is refused for CSV text", (type, status, message) => {
    const error = caught(() => recogniseFormat("asin\nB07KNVH9W9\n", type, undefined));
    expect(error.status).toBe(status);
    expect(error.message).toMatch(message);
  });

  it("of a web page is refused", () => {
    const error = caught(() => recogniseFormat("\n<!DOCTYPE html><html>", "text/csv", "catalog.csv"));
    expect(error).toMatchObject({ status: 415, code: "unsupported_media_type" });
  });
});
