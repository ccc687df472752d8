import { randomBytes } from "node:crypto";
import { CROCKFORD } from "../core/text/crockford.ts";

/** A random id of `length` characters, 5 bits each. */
export const newId = (length = 16): string =>
  Array.from(randomBytes(length), (byte) => CROCKFORD[byte % CROCKFORD.length]).join("");
