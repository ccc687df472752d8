import { describe, expect, it } from "vitest";
import { refuseBinary } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/refuse-binary.ts";

const bytes = (...parts: (number | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])));

describe("a file that is no text", () => {
  it.each([
    [
      "an Excel workbook",
      bytes("PK", 3, 4, "....[Content_Types].xml"),
      undefined,
      /Excel workbook.*save the sheet as CSV/,
    ],
    ["a zip by the name of a workbook", bytes("PK", 3, 4), "list.XLSX", /Excel workbook/],
    ["any other zip", bytes("PK", 3, 4, "....list.csv"), "list.zip", /zip archive. Unpack it/],
    ["an old workbook", bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1), undefined, /\.xls\).*save the sheet as CSV/],
    ["gzip", bytes(0x1f, 0x8b, 8), "list.csv.gz", /gzip. Unpack it/],
    ["a PDF", bytes("%PDF-1.7"), undefined, /PDF.*Export the list as CSV/],
    ["a picture", bytes(0x89, "PNG"), undefined, /PNG/],
  ])("such as %s is refused with what to do", (_, head, name, message) => {
    expect(() => refuseBinary(head, name)).toThrow(message);
    expect(() => refuseBinary(head, name)).toThrow(
      expect.objectContaining({ status: 415, code: "unsupported_media_type" }),
    );
  });

  it("is not seen in text that only begins alike", () => {
    for (const text of ["PK,asin\n", "GIF\n", "asin\n", ""])
      expect(() => refuseBinary(bytes(text), undefined)).not.toThrow();
  });
});
