import { randomUUID } from "node:crypto";
import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { itemOnFailure, sdkErrorName } from "../../aws/sdk-errors.ts";
import { storeFailure } from "./store-failure.ts";

/** Which version of its secret each limit key was last used with, as items `secret#<limit key>` of `upstream-limits`. */
export class DynamoSecretVersions {
  readonly #documentClient: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(parts: { documentClient: DynamoDBDocumentClient; tableName: string }) {
    this.#documentClient = parts.documentClient;
    this.#tableName = parts.tableName;
  }

  /**
   * Notes the version by one conditional write, which names its call: the SDK repeats a write whose answer was lost. Safe
   * to call twice.
   * @returns whether it is another one than the last one noted, by any instance.
   * @throws TransientError, ConfigError as `storeFailure` says.
   */
  async note(limitKey: string, version: string): Promise<boolean> {
    const call = randomUUID();
    const update = new UpdateCommand({
      TableName: this.#tableName,
      Key: { limit_key: `secret#${limitKey}` },
      UpdateExpression: "SET #version = :version, noted_by = :call",
      ConditionExpression: "attribute_not_exists(#version) OR #version <> :version",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":version": version, ":call": call },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      await this.#documentClient.send(update);
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return itemOnFailure(error)?.noted_by === call;
      throw storeFailure(error, `note the secret's version of ${limitKey}`);
    }
  }
}
