import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { AccessRows } from "../../../../../../lambdas/common/adapters/dynamodb/access/access-rows.ts";
import {
  type AccessKind,
  AccessRowSchema,
  accessKey,
  type OwnedPlace,
  ownerKey,
} from "../../../../../../lambdas/common/core/access/access-row.ts";
import { isoTime } from "../../../../../../lambdas/common/core/clock.ts";
import { ACCESS_TABLE } from "../../../../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";

const row = (kind: AccessKind, id: string, owner: string, age = 0) => ({
  access_key: accessKey(kind, id),
  owner_key: ownerKey(kind, owner),
  created_at: isoTime(NOON - age * 1_000),
});

const tableWith = async (...rows: ReturnType<typeof row>[]) => {
  const client = new MemoryDynamo({ access: ACCESS_TABLE }).client();
  for (const Item of rows) await client.send(new PutCommand({ TableName: "access", Item }));
  return new AccessRows(client, "access", "key", AccessRowSchema);
};

describe("rows of the access table", () => {
  it("are read by kind and id: the same id of another kind is another row", async () => {
    const mine = row("key", "one", "anna");
    const rows = await tableWith(mine, row("feed", "one", "anna"), row("feed", "two", "anna"));
    expect(await rows.get("one")).toEqual(mine);
    expect(await rows.get("two")).toBeUndefined();
  });

  it("are listed by owner, newest first and each once, over pages of any length", async () => {
    const anna = Array.from({ length: 7 }, (_, age) => row("key", `k${age}`, "anna", age));
    const rows = await tableWith(...anna, row("key", "other", "ben"), row("feed", "feed", "anna"));
    const listed: string[] = [];
    let after: OwnedPlace | undefined;
    do {
      const page = await rows.list("anna", 3, after);
      listed.push(...page.rows.map(({ access_key }) => access_key));
      after = page.next;
    } while (after);
    expect(listed).toEqual(anna.map(({ access_key }) => access_key));
  });
});
