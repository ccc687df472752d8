import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Clock } from "../../core/clock.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { REMOVED_SECRET } from "../../core/sources/secrets/read-secret.ts";
import type { SecretReader, SecretValue } from "../../core/sources/secrets/secret-reader.ts";
import { sdkErrorName, translateSdkError } from "../aws/sdk-errors.ts";
import { SECRET_TRUST_MS } from "./trust.ts";

/** Reads the sources' credentials from Secrets Manager: `<prefix>/<source id>`, each a JSON text. */
export class SourceSecrets implements SecretReader {
  readonly #client: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #known = new Map<SourceId, { readAtMs: number; value: SecretValue | undefined }>();

  constructor(client: SecretsManagerClient, prefix: string, clock: Clock) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async read(source: SourceId): Promise<SecretValue | undefined> {
    const known = this.#known.get(source);
    if (known && this.#clock.now() - known.readAtMs < SECRET_TRUST_MS) return known.value;
    const value = await this.#fetch(source);
    this.#known.set(source, { readAtMs: this.#clock.now(), value });
    return value;
  }

  forget(source: SourceId): void {
    this.#known.delete(source);
  }

  async #fetch(source: SourceId): Promise<SecretValue | undefined> {
    try {
      const { SecretString, VersionId = "" } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: `${this.#prefix}/${source}` }),
      );
      // Some stores answer for a secret without a value with an empty text.
      const isEmpty = !SecretString || SecretString === REMOVED_SECRET;
      return isEmpty ? undefined : { text: SecretString, version: VersionId };
    } catch (error) {
      // A secret without a value, or none at all: the source is not configured, which is no fault.
      if (sdkErrorName(error) === "ResourceNotFoundException") return undefined;
      throw translateSdkError(error, `reading the secret of ${source}`);
    }
  }
}
