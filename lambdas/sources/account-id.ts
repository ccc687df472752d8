import { createHash } from "node:crypto";

/**
 * Name of the upstream account that a credential belongs to, fit for keys, logs and screens: the start of the
 * credential's SHA-256, so that two deployments with one key share its limits and nobody can read the key back.
 */
export const accountId = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
