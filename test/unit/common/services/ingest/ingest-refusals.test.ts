import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { UPLOAD_LIMITS } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestInput } from "../../../../../lambdas/common/core/catalogs/ingest/ingest-report.ts";
import { ValidationError } from "../../../../../lambdas/common/core/errors.ts";
import { ingestCatalog } from "../../../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../../../helpers/memory/memory-sink.ts";
import { catalogInput, chunksOf } from "../../../../helpers/uploads/catalog-input.ts";

const refusal = async (content: string | Uint8Array, given: Partial<IngestInput> = {}): Promise<ValidationError> => {
  const sink = new MemorySink();
  const error: unknown = await ingestCatalog(catalogInput(content, given), sink).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ValidationError);
  expect(sink.objects.size).toBe(0);
  expect(sink.isAborted).toBe(true);
  if (error instanceof ValidationError) return error;
  throw error;
};

const list = (rows: number): string =>
  Array.from({ length: rows }, (_, i) => `B0${String(i).padStart(8, "0")}\n`).join("");

describe("a catalog is refused, with the fix and nothing stored, when it", () => {
  it.each([
    ["is empty", "", 400, "empty_file", /The file is empty\. Send a list of ASINs/],
    ["holds nothing but white space", "\ufeff \r\n\n", 400, "empty_file", /The file is empty/],
    ["has a header and no rows", "asin,sku\n\n", 400, "empty_file", /The file has no rows/],
    ["is an empty JSON list", '{"products": []}', 400, "empty_file", /The file has no rows/],
    [
      "has no column with products",
      "id,name\n1,x\n",
      400,
      "missing_asin_column",
      /Columns found: "id", "name"\. Rename/,
    ],
    ["is broken JSON", '{"asins": ["B07KNVH9W9",\n"B08XB427HF"', 400, "malformed_json", /line 2: it breaks off/],
    [
      "has a malformed JSON value",
      '[{"asin": "B07KNVH9W9"},\n{"asin" "x"}]',
      400,
      "malformed_json",
      /value at line 2 is malformed/,
    ],
    [
      "names an unknown shop",
      '{"marketplace": "mars", "asins": ["B07KNVH9W9"]}',
      400,
      "invalid_request",
      /unknown marketplace "mars": use one/,
    ],
    [
      "has a name that is no text",
      '{"name": 5, "asins": ["B07KNVH9W9"]}',
      400,
      "invalid_request",
      /"name" must be text/,
    ],
    ["is gzip", gzipSync("asin\nB07KNVH9W9\n"), 415, "unsupported_media_type", /gzip/],
    ["is neither text nor of a known kind", Buffer.alloc(2000), 415, "unsupported_media_type", /not text/],
    [
      "is not UTF-8",
      Buffer.from("asin,title\nB07KNVH9W9,x\nB08XB427HF,\xd7\xe0\xe9\n", "latin1"),
      400,
      "invalid_encoding",
      /line 3 .* "CSV UTF-8"/,
    ],
    [
      "ends inside a character",
      Buffer.from("asin,title\nB07KNVH9W9,ü").subarray(0, -1),
      400,
      "invalid_encoding",
      /line 2/,
    ],
    ["is broken UTF-16", Buffer.from("\ufeffasin\nB07KNVH9W9\n\ud800x", "utf16le"), 400, "invalid_encoding", /UTF-16/],
    ["has too many columns", `asin${",x".repeat(500)}\nB07KNVH9W9\n`, 400, "too_many_columns", /more than 500 columns/],
    [
      "has columns whose names would not fit on the catalog's row",
      `asin,${Array.from({ length: 400 }, (_, i) => String(i).padEnd(2_000, "x")).join(",")}\nB07KNVH9W9\n`,
      400,
      "column_name_too_long",
      /column "0x{39}…" has 2,000 characters, and 200 are allowed: shorten the name/,
    ],
    [
      "has a JSON key that is too long, in a row after good ones",
      `{"asin": "B07KNVH9W9"}\n{"asin": "B08XB427HF", "${"k".repeat(201)}": 1}\n`,
      400,
      "column_name_too_long",
      /has 201 characters/,
    ],
    [
      "has JSON keys that take too much together",
      JSON.stringify(
        Array.from({ length: 400 }, (_, i) => ({ asin: "B07KNVH9W9", [String(i).padEnd(200, "k")]: "v" })),
      ),
      400,
      "column_names_too_long",
      /column "327k{37}…" the names of all columns take more than 65,536 bytes together/,
    ],
    [
      "has a field over 100 KB",
      `asin,title\nB07KNVH9W9,${"x".repeat(110_000)}\n`,
      400,
      "field_too_long",
      /line 2 is longer than 100 KB/,
    ],
  ])("%s", async (_, content, status, code, message) => {
    expect(await refusal(content)).toMatchObject({ status, code, message: expect.stringMatching(message) });
  });

  it("has more than 20,000 rows in a request, and names the upload", async () => {
    expect(await refusal(list(20_001))).toMatchObject({
      status: 413,
      code: "too_many_rows",
      message: expect.stringMatching(/more than 20,000 rows.*POST \/catalogs\/uploads/),
    });
  });

  it("has more than 20,000 rows of one product in a request", async () => {
    expect(await refusal(`asin,title\n${"B07KNVH9W9,xxxxxxxx\n".repeat(55_000)}`)).toMatchObject({ status: 413 });
  });

  it("has more than 1 MB in a request, and names the upload", async () => {
    expect(await refusal(`asin,title\nB07KNVH9W9,${"\n".repeat(1_048_576)}`)).toMatchObject({
      status: 413,
      code: "catalog_too_large",
      message: expect.stringMatching(/larger than 1,048,576 bytes.*POST \/catalogs\/uploads/),
    });
  });

  it("has more rows than an upload may, and says to split it", async () => {
    const limits = { ...UPLOAD_LIMITS, rows: 1000 };
    expect(await refusal(list(1001), { limits })).toMatchObject({
      status: 413,
      message: expect.stringMatching(/Split the file/),
    });
  });

  it.each([
    [
      "a quote that swallows the file",
      `asin,title\nB07KNVH9W9,"${"x,\n".repeat(1_000_000)}`,
      undefined,
      "malformed_csv",
    ],
    ["a line of nothing but commas", `asin\n${",".repeat(3_000_000)}`, undefined, "malformed_csv"],
    ["a line that never ends", "x".repeat(3_000_000), undefined, "malformed_csv"],
    ["an NDJSON line that never ends", `{"asin":"${"x".repeat(3_000_000)}`, "application/x-ndjson", "malformed_json"],
    ["a JSON value that never ends", `[{"asin":"${"x".repeat(3_000_000)}`, "application/json", "malformed_json"],
    ["JSON nested without end", "[".repeat(3_000_000), "application/json", "malformed_json"],
  ])("is %s, after about 1 MB of it", async (_, content, content_type, code) => {
    let taken = 0;
    async function* counted() {
      for await (const chunk of chunksOf(content)) {
        taken += chunk.byteLength;
        yield chunk;
      }
    }
    expect(await refusal("", { body: counted(), contentType: content_type, limits: UPLOAD_LIMITS })).toMatchObject({
      code,
      status: 400,
    });
    expect(taken).toBeLessThan(1_400_000);
  });

  it("stops coming, with the reason as it was", async () => {
    const cause = new Error("connection lost");
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("asin\nB07KNVH9W9\n");
      throw cause;
    }
    const sink = new MemorySink();
    await expect(ingestCatalog(catalogInput("", { body: breaking() }), sink)).rejects.toBe(cause);
    expect(sink.isAborted).toBe(true);
  });
});

describe("a refused catalog", () => {
  it.each([
    ["too many rows", "B07KNVH9W9\n".repeat(1000), undefined, 413],
    ["a zip", "PK\u0003\u0004", undefined, 415],
    ["no usable column", "id\n", undefined, 400],
    ["JSON that is none", "[1 2", "application/json", 400],
    ["bytes that are no text", "\u0000", undefined, 415],
  ])("has its stream closed: %s", async (_, chunk, content_type, status) => {
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.from(chunk);
      } finally {
        isClosed = true;
      }
    }
    const limits = { ...UPLOAD_LIMITS, rows: 20_000 };
    expect(await refusal("", { body: endless(), contentType: content_type, limits })).toMatchObject({ status });
    expect(isClosed).toBe(true);
  });
});
