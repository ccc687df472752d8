import { describe, expect, it } from "vitest";
import { detectEncoding } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/text-encoding.ts";

const LITTLE = Buffer.from("asin,sku\nB07KNVH9W9,1\n", "utf16le");
const BIG = Buffer.from(LITTLE).swap16();

describe("the encoding of a file", () => {
  it.each([
    ["UTF-8", Buffer.from("asin"), { encoding: "utf-8", bom: 0 }],
    ["UTF-8 with a mark", Buffer.from("\ufeffasin"), { encoding: "utf-8", bom: 3 }],
    ["UTF-16 LE with a mark", Buffer.from("\ufeffasin", "utf16le"), { encoding: "utf-16le", bom: 2 }],
    ["UTF-16 BE with a mark", Buffer.from("\ufeffasin", "utf16le").swap16(), { encoding: "utf-16be", bom: 2 }],
    ["UTF-16 LE without a mark", LITTLE, { encoding: "utf-16le", bom: 0 }],
    ["UTF-16 BE without a mark", BIG, { encoding: "utf-16be", bom: 0 }],
    ["UTF-8 with a zero byte in it", Buffer.from("asin,title\nB07KNVH9W9,a\u0000b\n"), { encoding: "utf-8", bom: 0 }],
    ["nothing", Buffer.alloc(0), { encoding: "utf-8", bom: 0 }],
  ])("is recognised for %s", (_, head, expected) => {
    expect(detectEncoding(head)).toEqual(expected);
  });
});
