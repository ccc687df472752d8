import { describe, expect, it } from "vitest";
import { guessEncoding } from "../../../../../../../lambdas/common/core/catalogs/ingest/formats/guess-encoding.ts";
import { encodeText } from "../../../../../../helpers/uploads/encode-text.ts";

const bytes = (...codes: number[]): Uint8Array => Uint8Array.from(codes);

describe("the encoding of text that is no UTF-8", () => {
  it.each(["ür Größe,Tür", "é,Café au lait", "ñ o", "ÄÖ und Übergrößen für Mütter"])(
    "is Windows-1252 for %j",
    (text) => {
      expect(guessEncoding(Buffer.from(text, "latin1"))).toBe("windows-1252");
    },
  );

  it("is Windows-1252 for quotation marks, dashes and signs of units and trade", () => {
    expect(guessEncoding(bytes(0x93, 0x42, 0x94, 0x20, 0x96, 0x20, 0x64, 0x6f, 0x6e, 0x92, 0x74))).toBe("windows-1252");
    expect(guessEncoding(bytes(0x6d, 0xb3, 0x20, 0x33, 0xb0, 0x43, 0x20, 0x41, 0xae))).toBe("windows-1252");
  });

  it.each(["みどりのカップ", "お茶とお菓子 250g", "東京のおみやげ,1", "ﾏｸﾞｶｯﾌﾟ マグカップ"])(
    "is Shift-JIS for %j",
    (text) => {
      expect(guessEncoding(encodeText(text, "shift_jis"))).toBe("shift_jis");
    },
  );

  it("is Shift-JIS though the sample ends inside a character", () => {
    expect(guessEncoding(encodeText("みどり", "shift_jis").subarray(0, -1))).toBe("shift_jis");
  });

  it.each([
    ["Cyrillic", bytes(0xd7, 0xe0, 0xe9, 0x20, 0xe7, 0xe5, 0xeb)],
    ["one Cyrillic word of two letters", bytes(0xed, 0xe0)],
    ["Greek", bytes(0xd4, 0xf3, 0xdc, 0xe9)],
    ["Polish", bytes(0x62, 0x69, 0x61, 0xb3, 0x79)],
    ["Turkish", bytes(0x79, 0x65, 0xfe, 0x69, 0x6c)],
    ["Chinese in GBK", bytes(0xb2, 0xe8, 0xb1, 0xad)],
    ["Japanese in EUC", bytes(0xa4, 0xaa, 0xc3, 0xe3)],
    ["a byte that Windows-1252 has not", bytes(0x61, 0x81, 0x61)],
  ])("is not guessed for %s", (_, sample) => {
    expect(guessEncoding(sample)).toBeUndefined();
  });
});
