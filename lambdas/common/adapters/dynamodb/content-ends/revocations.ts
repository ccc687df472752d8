import { type DynamoDBDocumentClient, GetCommand, PutCommand, type PutCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import { isInForce, type Revocation, RevocationSchema } from "../../../core/licences/revocations/revocation.ts";
import type { RevokedSources } from "../../../core/licences/revocations/without-revoked.ts";
import { isAsPut, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryUpTo } from "../query-pages.ts";

/** Partition of the rows. No hour has this name. */
const PARTITION = "revocations";
/** How long an instance believes what it read; with a function's 15 minutes it stays below the wait for the last pass. */
const KEPT_MS = 30_000;

const keyOf = (id: string) => ({ ends_hour: PARTITION, ends_at_id: id });

/** Revocations of sources, in a partition of the `content-ends` table; there are a handful in the life of a stage. */
export class Revocations {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Pick<Clock, "now">;
  #known: { readonly atMs: number; readonly revoked: RevokedSources } | undefined;

  constructor(client: DynamoDBDocumentClient, tableName: string, clock: Pick<Clock, "now">) {
    this.#client = client;
    this.#table = tableName;
    this.#clock = clock;
  }

  /** All revocations, the youngest first. @throws TransientError */
  async list(): Promise<Revocation[]> {
    const { items } = await queryUpTo(this.#client, {
      doing: "reading which sources are revoked",
      TableName: this.#table,
      KeyConditionExpression: "ends_hour = :partition",
      ExpressionAttributeValues: { ":partition": PARTITION },
      ConsistentRead: true,
    });
    return items
      .map((item) => RevocationSchema.parse(item))
      .sort((one, other) => other.created_at.localeCompare(one.created_at));
  }

  /**
   * The sources that are revoked, as of half a minute ago at most. Without an answer nothing may be given out.
   * @throws TransientError
   */
  async revoked(): Promise<RevokedSources> {
    const nowMs = this.#clock.now();
    if (this.#known === undefined || nowMs - this.#known.atMs >= KEPT_MS) {
      const inForce = (await this.list()).filter(isInForce);
      this.#known = { atMs: nowMs, revoked: new Set(inForce.map(({ source }) => source)) };
    }
    return this.#known.revoked;
  }

  /** Undefined when there is none of this id. @throws TransientError */
  async get(id: string): Promise<Revocation | undefined> {
    const { Item } = await withSdkErrors("reading a revocation", () =>
      this.#client.send(new GetCommand({ TableName: this.#table, Key: keyOf(id), ConsistentRead: true })),
    );
    return Item && RevocationSchema.parse(Item);
  }

  /** Writes a new one. Its id is nobody else's. @throws TransientError */
  async create(revocation: Revocation): Promise<void> {
    await this.#put(revocation, { ConditionExpression: "attribute_not_exists(ends_hour)" });
  }

  /**
   * Writes how far one is, unless somebody wrote it meanwhile.
   * @param next with the version that was read
   * @returns what is stored now; undefined when somebody else was faster
   * @throws TransientError
   */
  async advance(next: Revocation, updatedAt: string): Promise<Revocation | undefined> {
    const written = { ...next, version: next.version + 1, updated_at: updatedAt };
    const isWritten = await this.#put(written, {
      ConditionExpression: "#version = :seen",
      ExpressionAttributeNames: { "#version": "version" },
      ExpressionAttributeValues: { ":seen": next.version },
    });
    return isWritten ? written : undefined;
  }

  async #put(
    revocation: Revocation,
    condition: Pick<PutCommandInput, "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues">,
  ): Promise<boolean> {
    const Item = { ...keyOf(revocation.revocation_id), ...revocation };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ...condition,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "writing a revocation");
      }
      // The answer was lost and the SDK has sent the row again.
      return isAsPut(error, Item);
    }
  }
}
