import type { TextEncoding } from "../../../lambdas/common/core/catalogs/ingest/formats/text-encoding.ts";

/** Bytes of Shift-JIS by character, made by decoding all of them. */
const shiftJis = (): Map<string, number[]> => {
  const decoder = new TextDecoder("shift_jis");
  const bytes = new Map<string, number[]>();
  const add = (...code: number[]): void => {
    const text = decoder.decode(Uint8Array.from(code));
    if ([...text].length === 1 && text !== "\ufffd" && !bytes.has(text)) bytes.set(text, code);
  };
  for (let one = 0; one < 256; one++) add(one);
  for (let first = 0x81; first <= 0xfc; first++) for (let second = 0x40; second <= 0xfc; second++) add(first, second);
  return bytes;
};
let table: Map<string, number[]> | undefined;

/** Writes text in an encoding that Node only reads. @throws Error for a character that the encoding does not have */
export const encodeText = (text: string, encoding: TextEncoding): Buffer => {
  switch (encoding) {
    case "utf-8":
      return Buffer.from(text);
    case "utf-16le":
      return Buffer.from(`\ufeff${text}`, "utf16le");
    case "utf-16be":
      return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
    case "windows-1252":
      return Buffer.from(text, "latin1");
    case "shift_jis": {
      table ??= shiftJis();
      const known = table;
      return Buffer.from(
        [...text].flatMap((character) => {
          const code = known.get(character);
          if (!code) throw new Error(`Shift-JIS has no ${character}`);
          return code;
        }),
      );
    }
  }
};
