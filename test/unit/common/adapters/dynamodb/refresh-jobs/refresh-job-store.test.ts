import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { RefreshJobStore } from "../../../../../../lambdas/common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";

it("a row that is no job keeps no list from the jobs beside it, and is named in the log", async () => {
  const client = new MemoryDynamo({ jobs: { keys: ["refresh_date", "job_id"] } }).client();
  const logged: unknown[] = [];
  const store = new RefreshJobStore(client, "jobs", { error: (_message, fields) => void logged.push(fields) });
  const day = "2026-11-23";
  const foreign = { refresh_date: day, job_id: "T11-0001", planned_hour: `${day}T11`, status: "pending" };
  await client.send(new PutCommand({ TableName: "jobs", Item: foreign }));
  await store.create([
    {
      ...{ refresh_date: day, job_id: "T12-0001", marketplace: "www.amazon.com", status: "pending", products: [] },
      ...{ scheduled_at: `${day}T12:00:00.000Z`, started_at: null, completed_at: null, retry_count: 0 },
      ...{ error_code: null, error_message: null, circuit_breaker_state: null, skip_reason: null },
      ...{ planned_hour: `${day}T12`, generation: 1, valid_until: `${day}T13:00:00.000Z`, expires_at: 1 },
    },
  ]);
  expect((await store.listOf(day, `${day}T12`)).map(({ job_id }) => job_id)).toEqual(["T12-0001"]);
  const page = await store.listDay(day, undefined, { limit: 10, after: undefined });
  expect(page.items.map(({ job_id }) => job_id)).toEqual(["T12-0001"]);
  expect(logged).toMatchObject([{ job_id: "T11-0001" }, { job_id: "T11-0001" }]);
});
