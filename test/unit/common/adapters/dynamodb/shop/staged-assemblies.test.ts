import type { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { StagedAssemblies } from "../../../../../../lambdas/common/adapters/dynamodb/shop/staged-assemblies.ts";
import { ShopEventSchema } from "../../../../../../lambdas/common/core/shop/shop-event.ts";
import { STAGED_SECONDS } from "../../../../../../lambdas/common/core/shop/staged-assembly.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { captionBody, thumbnailsBody } from "../../../../../helpers/worlds/shop-world.ts";

const TABLE = "staging";
const caption = ShopEventSchema.parse(JSON.parse(captionBody("v1")));
const thumbnails = ShopEventSchema.parse(JSON.parse(thumbnailsBody("v1")));

const newTable = (): DynamoDBDocumentClient =>
  new MemoryDynamo({ [TABLE]: { keys: ["video_id", "seller_handle"] } }).client();

/** A client whose command of a number takes effect twice, as the SDK repeats one whose answer was lost; `meanwhile` happens in between. */
const losing = (
  lost: number,
  client: DynamoDBDocumentClient,
  meanwhile: () => Promise<unknown>,
): DynamoDBDocumentClient => {
  let sent = 0;
  const send = async (command: unknown): Promise<unknown> => {
    sent += 1;
    if (sent !== lost) return client.send(command as PutCommand);
    await client.send(command as PutCommand);
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
      losing(1, client, () => stage(client, thumbnails, false)),
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

describe("a half that comes after what was staged has ended", () => {
  const LATER = NOON + (STAGED_SECONDS + 60) * 1_000;
  const ended = async () => {
    const client = newTable();
    await new StagedAssemblies(client, TABLE).stage(caption, NOON, true);
    return client;
  };

  it("is no second event when its answer was lost and the other half came meanwhile", async () => {
    const client = await ended();
    const stage = (by: DynamoDBDocumentClient, event: typeof caption) =>
      new StagedAssemblies(by, TABLE).stage(event, LATER, false);
    // The first command finds that the time is over, the second one replaces the row.
    const { row, isRepeated } = await stage(
      losing(2, client, () => stage(client, thumbnails)),
      caption,
    );
    expect([isRepeated, row.caption, row.thumbnails]).toEqual([false, caption.content, thumbnails.content]);
  });

  it("is one when two workers have it in the same moment", async () => {
    const client = await ended();
    const both = await Promise.all([1, 2].map(() => new StagedAssemblies(client, TABLE).stage(caption, LATER, false)));
    expect(both.map(({ isRepeated }) => isRepeated).sort()).toEqual([false, true]);
  });

  it("keeps the other half, which another worker has staged anew", async () => {
    const client = await ended();
    const halves = [caption, thumbnails];
    await Promise.all(halves.map((half) => new StagedAssemblies(client, TABLE).stage(half, LATER, false)));
    const [row] = await new StagedAssemblies(client, TABLE).readMany([caption.key]);
    expect([row?.caption, row?.thumbnails]).toEqual([caption.content, thumbnails.content]);
  });
});
