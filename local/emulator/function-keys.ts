import { createHash } from "node:crypto";
import type { SigningKeys } from "./signer.ts";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The keys of the session in which the emulator runs a function. It has no call that tells them, and makes them of two names.
 * @param functionArn without version or alias
 * @see execution_credentials in MiniStack's core/lambda_runtime.py, of the version in `versions.ts`
 */
export const functionKeys = (functionArn: string, roleArn: string): SigningKeys => {
  const digest = hashOf(`${functionArn}:${roleArn}`);
  return {
    accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    secretAccessKey: hashOf(`secret:${digest}`),
    sessionToken: hashOf(`token:${digest}`),
  };
};
