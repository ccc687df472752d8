/** Encodings in which a catalog may come, by their names in the Encoding Standard. */
export const TEXT_ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis"] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

/** The encoding of a label such as `latin1`, `cp1252` or `sjis`; undefined for one that no catalog may have. */
export const encodingNamed = (label: string): TextEncoding | undefined => {
  let name: string;
  try {
    name = new TextDecoder(label.trim()).encoding;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return TEXT_ENCODINGS.find((encoding) => encoding === name);
};

/** What the first bytes say about the encoding. */
export interface DetectedEncoding {
  readonly encoding: TextEncoding;
  /** Bytes of the byte-order mark at the start, 0 without one. */
  readonly bom: 0 | 2 | 3;
}

const PATTERN_BYTES = 1024;

/** UTF-16 without a mark: text of Western letters has a zero in nearly every other byte, and none in the rest. */
const utf16ByPattern = (head: Uint8Array): TextEncoding | undefined => {
  const pairs = Math.floor(Math.min(head.length, PATTERN_BYTES) / 2);
  if (pairs < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs * 2; i++) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  if (odd >= pairs * 0.7 && even <= pairs * 0.1) return "utf-16le";
  return even >= pairs * 0.7 && odd <= pairs * 0.1 ? "utf-16be" : undefined;
};

/**
 * Recognises the encoding by its byte-order mark or, for UTF-16 without one, by its pattern.
 * @param chosen what the user says; a mark counts more, a pattern less
 */
export const detectEncoding = (head: Uint8Array, chosen?: TextEncoding): DetectedEncoding => {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", bom: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", bom: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", bom: 2 };
  return { encoding: chosen ?? utf16ByPattern(head) ?? "utf-8", bom: 0 };
};
