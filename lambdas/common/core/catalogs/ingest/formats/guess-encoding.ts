import type { TextEncoding } from "./text-encoding.ts";

/** Kana in hiragana and katakana of full width: Japanese titles have them, and by chance no other text does. */
const KANA = /[\u3041-\u30ff]/g;
const HALF_WIDTH_KANA = /[\uff61-\uff9f]/g;
const MIN_KANA = 2;
/** Kana of half width for each of full width; other encodings of Asia look like half width alone. */
const MAX_HALF_WIDTH_SHARE = 4;

const isJapanese = (sample: Uint8Array): boolean => {
  let text: string;
  try {
    // The sample may end inside a character.
    text = new TextDecoder("shift_jis", { fatal: true }).decode(sample, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
  const kana = text.match(KANA)?.length ?? 0;
  return kana >= MIN_KANA && kana * MAX_HALF_WIDTH_SHARE >= (text.match(HALF_WIDTH_KANA)?.length ?? 0);
};

/** Bytes that Windows-1252 does not use, and letters that it shares with no neighbour: Đ, İ, Ş, ğ, ı and ş have their codes. */
const FOREIGN = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe]);
/** Signs that are never between two letters, where other encodings have letters: ł, ą, ż and their like. */
const SIGNS = new Set([
  0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa8, 0xac, 0xaf, 0xb2, 0xb3, 0xb6, 0xb8, 0xb9, 0xbc, 0xbd, 0xbe, 0xbf,
]);
const MAX_RUN = 2;

const isAsciiLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
const isLetter = (byte: number): boolean =>
  isAsciiLetter(byte) ||
  (byte >= 0xc0 && byte !== 0xd7 && byte !== 0xf7) ||
  [0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x9f, 0xaa, 0xba].includes(byte);

/**
 * Western text has its accented letters one by one among plain ones. Cyrillic, Greek and multi-byte text has runs of
 * high bytes; Polish, Czech and Turkish text has letters where Windows-1252 has signs or nothing.
 */
const isWestern = (sample: Uint8Array): boolean => {
  let letters = 0;
  let pairs = 0;
  let run = 0;
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0;
    if (byte < 0x80) {
      run = 0;
      continue;
    }
    run++;
    if (FOREIGN.has(byte) || run > MAX_RUN) return false;
    const before = sample[at - 1] ?? 0;
    if (SIGNS.has(byte) && isLetter(before) && isLetter(sample[at + 1] ?? 0)) return false;
    if (!isLetter(byte)) continue;
    letters++;
    if (before >= 0x80 && isLetter(before)) pairs++;
  }
  return letters === 0 || pairs < letters / 2;
};

/**
 * Guesses the encoding of text that is no UTF-8, carefully: undefined when it may be something else too.
 * @param sample bytes from the first that is no ASCII on; may end inside a character
 */
export const guessEncoding = (sample: Uint8Array): Extract<TextEncoding, "windows-1252" | "shift_jis"> | undefined => {
  if (isJapanese(sample)) return "shift_jis";
  return isWestern(sample) ? "windows-1252" : undefined;
};
