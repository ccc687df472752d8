import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { SECRET_BYTES, type SecretKind, secretText } from "../../core/access/access-secret.ts";

/** SHA-256 of a secret, hex. The secret has 256 random bits, so there is nothing that salt or a slow hash would protect. */
export const secretHash = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** A new secret for what has this public id; kept as its hash, and shown once. */
export const newSecret = (kind: SecretKind, id: string): { readonly secret: string; readonly hash: string } => {
  const secret = secretText(kind, id, randomBytes(SECRET_BYTES).toString("base64url"));
  return { secret, hash: secretHash(secret) };
};

/** Whether this is the secret with that hash, in a time that does not tell how much of it is right. */
export const isSecret = (secret: string, hash: string): boolean => {
  const given = Buffer.from(secretHash(secret));
  const kept = Buffer.from(hash);
  return given.length === kept.length && timingSafeEqual(given, kept);
};
