import { CROCKFORD } from "../text/crockford.ts";

/** First letters of what lets a program in, by which people and secret scanners know it. */
export const SECRET_PREFIXES = { key: "ek", feed: "ef" } as const;
export type SecretKind = keyof typeof SECRET_PREFIXES;

/** Bytes of the random part: 256 bits, so that a plain hash of it cannot be guessed back. */
export const SECRET_BYTES = 32;

const ID = `[${CROCKFORD}]{16}`;
const SECRETS = {
  key: new RegExp(`^ek_(${ID})_[A-Za-z0-9_-]{43}$`),
  feed: new RegExp(`^ef_(${ID})_[A-Za-z0-9_-]{43}$`),
} as const satisfies Record<SecretKind, RegExp>;

/** Whether a text means to be a secret of this kind, well-formed or not. */
export const looksLike = (kind: SecretKind, text: string): boolean => text.startsWith(`${SECRET_PREFIXES[kind]}_`);

/** The public id in a secret, such as `key_0d1z9k4m2v7h3n5x`; undefined: it is no secret of this kind. */
export const idIn = (kind: SecretKind, secret: string): string | undefined => {
  const random = SECRETS[kind].exec(secret)?.[1];
  return random === undefined ? undefined : `${kind}_${random}`;
};

/** The whole secret. @param id such as `key_0d1z9k4m2v7h3n5x` @param random `SECRET_BYTES` bytes as base64url */
export const secretText = (kind: SecretKind, id: string, random: string): string =>
  `${SECRET_PREFIXES[kind]}_${id.slice(kind.length + 1)}_${random}`;
