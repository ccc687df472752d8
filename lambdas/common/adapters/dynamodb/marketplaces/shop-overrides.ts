import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import {
  type ShopOverride,
  ShopOverrideSchema,
  type ShopSettings,
  shopSettingsOf,
} from "../../../core/marketplaces/shop-settings.ts";
import { MARKETPLACES } from "../../../core/products/marketplaces.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";

/** How long an instance believes what it read. */
const KEPT_MS = 30_000;

/** The `marketplaces` table: a row for each shop of which an operator has set something. */
export class ShopOverrides {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Pick<Clock, "now">;
  #known: { readonly atMs: number; readonly settings: ShopSettings } | undefined;

  constructor(client: DynamoDBDocumentClient, tableName: string, clock: Pick<Clock, "now">) {
    this.#client = client;
    this.#table = tableName;
    this.#clock = clock;
  }

  /** All rows. @throws TransientError */
  async list(): Promise<ShopOverride[]> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: MARKETPLACES.map(({ code }) => ({ code })),
      doing: "reading the settings of shops",
      consistent: true,
    });
    return items.map((item) => ShopOverrideSchema.parse(item));
  }

  /** What holds, as of half a minute ago at most. @throws TransientError */
  async settings(): Promise<ShopSettings> {
    const nowMs = this.#clock.now();
    if (this.#known === undefined || nowMs - this.#known.atMs >= KEPT_MS) {
      this.#known = { atMs: nowMs, settings: shopSettingsOf(await this.list()) };
    }
    return this.#known.settings;
  }

  /** Writes what holds for a shop. Safe to repeat. @throws TransientError */
  async put(override: ShopOverride): Promise<void> {
    await withSdkErrors("writing the settings of a shop", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: override })),
    );
  }
}
