import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** What cursors are sealed with. */
export interface CursorKey {
  /** Names the key within a cursor, so that the right one is tried after a rotation. `KEY_ID_BYTES` long. */
  readonly id: Buffer;
  /** For AES-256. */
  readonly key: KeyObject;
}

/** Gives the keys of this stage. */
export interface CursorKeys {
  /** The one that new cursors are sealed with. @throws TransientError when it cannot be read now */
  current(): Promise<CursorKey>;
  /** The present key or the one before it, if it has this id. @throws TransientError when it cannot be read now */
  find(id: Buffer): Promise<CursorKey | undefined>;
}

/** Four bytes tell the two keys apart that are good at a time; the seal itself decides. */
export const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;

const derive = (secret: string, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", `enrichline cursor ${purpose}`, bytes));

/** Derives the key from a secret text of any form, which must be random: 32 characters or more. */
export const cursorKeyOf = (secret: string): CursorKey => ({
  id: derive(secret, "key id", KEY_ID_BYTES),
  key: createSecretKey(derive(secret, "key", KEY_BYTES)),
});
