import { randomBytes } from "node:crypto";

/** Crockford's alphabet without look-alikes. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A random id of `length` characters, 5 bits each. */
export const newId = (length = 16): string =>
  Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
