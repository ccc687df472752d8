import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../../core/clock.ts";
import { type CursorKey, type CursorKeys, cursorKeyOf } from "../../platform/http/cursor-key.ts";
import { sdkErrorName, translateSdkError } from "../aws/sdk-errors.ts";
import { SECRET_TRUST_MS } from "./trust.ts";

/** Keys are read again for an unknown id at most so often: it may name a new key, or be invented. */
const REREAD_MS = 2_000;

interface ReadKeys {
  readonly readAtMs: number;
  /** What new cursors are sealed with. */
  readonly current: CursorKey;
  /** Undefined before the first rotation. */
  readonly previous: CursorKey | undefined;
}

/**
 * Reads the key of cursors from Secrets Manager when the first cursor needs it. A new value of the secret takes its
 * place (`AWSCURRENT`); the one before it (`AWSPREVIOUS`) still opens cursors, so a rotation breaks no list that
 * somebody reads.
 */
export class CursorSecret implements CursorKeys {
  readonly #client: SecretsManagerClient;
  readonly #secretArn: string;
  readonly #clock: Clock;
  #known: ReadKeys | undefined;

  constructor(client: SecretsManagerClient, secretArn: string, clock: Clock) {
    this.#client = client;
    this.#secretArn = secretArn;
    this.#clock = clock;
  }

  async current(): Promise<CursorKey> {
    return (await this.#keys(SECRET_TRUST_MS)).current;
  }

  async find(id: Buffer): Promise<CursorKey | undefined> {
    return among(await this.#keys(SECRET_TRUST_MS), id) ?? among(await this.#keys(REREAD_MS), id);
  }

  /** Keys that were read less than `maxAgeMs` ago. */
  async #keys(maxAgeMs: number): Promise<ReadKeys> {
    const now = this.#clock.now();
    if (this.#known && now - this.#known.readAtMs < maxAgeMs) return this.#known;
    const [current, previous] = await Promise.all([this.#read("AWSCURRENT"), this.#read("AWSPREVIOUS")]);
    if (!current) throw new Error("the secret of cursors has no value: deploy the stack of the API again");
    this.#known = { readAtMs: now, current, previous };
    return this.#known;
  }

  /** Undefined when no version has this label. */
  async #read(stage: "AWSCURRENT" | "AWSPREVIOUS"): Promise<CursorKey | undefined> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#secretArn, VersionStage: stage }),
      );
      return SecretString ? cursorKeyOf(SecretString) : undefined;
    } catch (error) {
      if (sdkErrorName(error) === "ResourceNotFoundException") return undefined;
      throw translateSdkError(error, "reading the key of cursors");
    }
  }
}

const among = ({ current, previous }: ReadKeys, id: Buffer): CursorKey | undefined =>
  [current, previous].find((key) => key?.id.equals(id));
