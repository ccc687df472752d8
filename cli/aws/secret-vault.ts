import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretSource } from "../../lambdas/common/core/sources/known/secret-schemas.ts";
import { ASKED, ASKED_TAG } from "../../lambdas/common/core/sources/secrets/asked-tag.ts";
import { REMOVED_SECRET } from "../../lambdas/common/core/sources/secrets/read-secret.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { AwsAccess } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";

/** What is stored for one source. */
export interface StoredSecret {
  /** Whether the stage asks the source. There is a place for the credentials of every source. */
  readonly isAsked: boolean;
  /** Undefined: no credentials. Never to be shown. */
  readonly text: string | undefined;
  /** ISO time of the last change, or null when it is not known. */
  readonly changedAt: string | null;
}

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === "ResourceNotFoundException";

/** The sources' credentials of one deployment in AWS Secrets Manager. */
export class SecretVault {
  readonly #access: AwsAccess;
  readonly #client: SecretsManagerClient;

  constructor(access: AwsAccess) {
    this.#access = access;
    this.#client = new SecretsManagerClient(access.config);
  }

  close(): void {
    this.#client.destroy();
  }

  /** @throws CliError */
  async read(source: SecretSource): Promise<StoredSecret> {
    const SecretId = this.#name(source);
    try {
      const { LastChangedDate, Tags = [] } = await this.#client.send(new DescribeSecretCommand({ SecretId }));
      const text = await this.#text(SecretId);
      const isAsked = !Tags.some(({ Key, Value }) => Key === ASKED_TAG && Value === ASKED.NO);
      return { isAsked, text, changedAt: LastChangedDate?.toISOString() ?? null };
    } catch (error) {
      if (isMissing(error)) return { isAsked: false, text: undefined, changedAt: null };
      throw awsError(error, `Reading the secret ${SecretId}`);
    }
  }

  /** Stores a value, also before the stage asks the source. @throws CliError NOT_FOUND when the stage has no place for it */
  async put(source: SecretSource, text: string): Promise<void> {
    const SecretId = this.#name(source);
    try {
      await this.#client.send(new PutSecretValueCommand({ SecretId, SecretString: text }));
    } catch (error) {
      if (!isMissing(error)) throw awsError(error, `Storing the secret ${SecretId}`);
      const { stage } = this.#access;
      throw new CliError(
        EXIT.NOT_FOUND,
        `Stage ${stage} has no secret ${SecretId}: it was deployed by an earlier version, or somebody removed the secret. Deploy it again: npx enrichline deploy --stage ${stage}`,
        { cause: error },
      );
    }
  }

  /**
   * Takes the credentials away. Written twice, because Secrets Manager keeps the value before the last.
   * @throws CliError as `put`
   */
  async clear(source: SecretSource): Promise<void> {
    await this.put(source, REMOVED_SECRET);
    await this.put(source, REMOVED_SECRET);
  }

  async #text(SecretId: string): Promise<string | undefined> {
    try {
      const { SecretString } = await this.#client.send(new GetSecretValueCommand({ SecretId }));
      return !SecretString || SecretString === REMOVED_SECRET ? undefined : SecretString;
    } catch (error) {
      // The secret is there, as `read` saw, but has no value yet.
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #name(source: SecretSource): string {
    return `${this.#access.secretPrefix}/${source}`;
  }
}
