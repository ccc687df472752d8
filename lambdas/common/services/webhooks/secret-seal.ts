import * as z from "zod";
import { ValidationError } from "../../core/errors.ts";
import type { Cursors, ListName } from "../../platform/http/cursors.ts";

/** Whose secret it is. */
export interface SecretOwner {
  readonly userId: string;
  readonly webhookId: string;
}

const nameOf = ({ userId, webhookId }: SecretOwner): ListName => [userId, "webhook-secret", webhookId];

/**
 * Encrypts the secrets of endpoints for the table, as cursors are encrypted, but with a key of their own. Each is bound to its
 * user and endpoint: a row that is copied elsewhere opens nothing.
 */
export class SecretSeal {
  readonly #cipher: Pick<Cursors, "seal" | "open">;

  constructor(cipher: Pick<Cursors, "seal" | "open">) {
    this.#cipher = cipher;
  }

  /** @throws TransientError when the key cannot be read now */
  async seal(owner: SecretOwner, secret: string): Promise<string> {
    const sealed = await this.#cipher.seal(nameOf(owner), secret);
    if (sealed === null) throw new Error("a secret was sealed to nothing");
    return sealed;
  }

  /**
   * @returns undefined when the key that it was sealed with is gone
   * @throws TransientError when the key cannot be read now
   */
  async open(owner: SecretOwner, sealed: string): Promise<string | undefined> {
    try {
      return await this.#cipher.open(nameOf(owner), sealed, z.string().min(1));
    } catch (error) {
      if (error instanceof ValidationError) return undefined;
      throw error;
    }
  }
}
