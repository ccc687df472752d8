import { createHash } from "node:crypto";

/**
 * Id of the upstream account of a credential, safe for keys, logs and screens: the start of the credential's SHA-256.
 * Two deployments with the same key share its limits, and nobody can recover the key.
 */
export const accountId = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
