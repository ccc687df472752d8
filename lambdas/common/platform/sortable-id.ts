import { createHash } from "node:crypto";
import { CROCKFORD } from "../core/text/crockford.ts";

/** 50 bits of milliseconds. */
const TIME_CHARACTERS = 10;
/** 80 bits. */
const NAME_CHARACTERS = 16;

/** The moment as ten characters that sort as times do. */
export const sortableTime = (epochMs: number): string => {
  let time = "";
  let rest = epochMs;
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time;
};

/** Sixteen characters that follow from the parts, and from no others. */
export const nameOfParts = (parts: readonly unknown[]): string =>
  Array.from(createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, NAME_CHARACTERS), (byte) =>
    CROCKFORD.charAt(byte % 32),
  ).join("");
