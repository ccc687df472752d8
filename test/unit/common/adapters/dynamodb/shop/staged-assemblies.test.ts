import type { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { StagedAssemblies } from "../../../../../../lambdas/common/adapters/dynamodb/shop/staged-assemblies.ts";
import { ShopEventSchema } from "../../../../../../lambdas/common/core/shop/shop-event.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { captionBody, thumbnailsBody } from "../../../../../helpers/worlds/shop-world.ts";

const TABLE = "staging";
const caption = ShopEventSchema.parse(JSON.parse(captionBody("v1")));
const thumbnails = ShopEventSchema.parse(JSON.parse(thumbnailsBody("v1")));

const newTable = (): DynamoDBDocumentClient =>
  new MemoryDynamo({ [TABLE]: { keys: ["video_id", "seller_handle"] } }).client();

/** A client whose first command takes effect twice, as the SDK repeats one whose answer was lost; `meanwhile` happens in between. */
const losingFirst = (client: DynamoDBDocumentClient, meanwhile: () => Promise<unknown>): DynamoDBDocumentClient => {
  let isLost = false;
  const send = async (command: unknown): Promise<unknown> => {
    const answer: unknown = await client.send(command as PutCommand);
    if (isLost) return answer;
    isLost = true;
    await meanwhile();
    return client.send(command as PutCommand);
  };
  return { send } as unknown as DynamoDBDocumentClient;
};

describe.each([
  ["as the first of its product", true],
  ["beside what was read", false],
])("a half that is staged %s", (_name, isFirst) => {
  it("is no second event when its answer was lost and the other half came meanwhile", async () => {
    const client = newTable();
    const stage = (by: DynamoDBDocumentClient, event: typeof caption, first: boolean) =>
      new StagedAssemblies(by, TABLE).stage(event, NOON, first);
    const { row, isRepeated } = await stage(
      losingFirst(client, () => stage(client, thumbnails, false)),
      caption,
      isFirst,
    );
    expect(isRepeated).toBe(false);
    expect([row.caption, row.thumbnails]).toEqual([caption.content, thumbnails.content]);
  });

  it("is one when its kind is there", async () => {
    const client = newTable();
    const store = new StagedAssemblies(client, TABLE);
    await store.stage(caption, NOON, true);
    expect(await store.stage(caption, NOON, isFirst)).toMatchObject({ isRepeated: true });
  });

  it("is added to the other half, which came after the read", async () => {
    const client = newTable();
    const store = new StagedAssemblies(client, TABLE);
    await store.stage(thumbnails, NOON, true);
    const { row, isRepeated } = await store.stage(caption, NOON, isFirst);
    expect([isRepeated, row.is_complete]).toEqual([false, true]);
    expect([row.caption, row.thumbnails]).toEqual([caption.content, thumbnails.content]);
  });
});
