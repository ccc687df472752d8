import { expect, it } from "vitest";
import { CallCounts } from "../../../../../../lambdas/common/adapters/dynamodb/access/call-counts.ts";
import { ACCESS_TABLE } from "../../../../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";

it("lets so many calls of each through in a window, and says how long to wait", async () => {
  const counts = new CallCounts(new MemoryDynamo({ access: ACCESS_TABLE }).client(), "access", {
    calls: 2,
    windowMs: 10_000,
  });
  expect(await counts.take("key_1", NOON + 1_000)).toBe(0);
  expect(await counts.take("key_1", NOON + 2_000)).toBe(0);
  expect(await counts.take("key_1", NOON + 3_000)).toBe(7_000);
  expect(await counts.take("key_2", NOON + 3_000)).toBe(0);
  expect(await counts.take("key_1", NOON + 10_000)).toBe(0);
});
