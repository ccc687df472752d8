import * as z from "zod";
import { CROCKFORD } from "../text/crockford.ts";

/** 45 bits of milliseconds last until the year 3084. */
const TIME_CHARACTERS = 9;
const RANDOM_CHARACTERS = 7;

/** Id of a catalog: `cat_` and 16 characters, the older the smaller. */
export const CatalogIdSchema = z.string().regex(/^cat_[0-9a-hjkmnp-tv-z]{16}$/, "a catalog id is cat_ + 16 characters");

/**
 * Makes an id that sorts by creation time and is unique.
 * @param random gives so many random characters of Crockford's alphabet in lower case
 */
export const newCatalogId = (nowMs: number, random: (length: number) => string): string => {
  let time = "";
  let rest = nowMs;
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return `cat_${time}${random(RANDOM_CHARACTERS)}`;
};
