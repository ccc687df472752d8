import { readdirSync, readFileSync } from "node:fs";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { REPOSITORY_ROOT } from "../../../../../local/layout.ts";
import { faultyDynamo, type WriteFault } from "../../../../helpers/memory/faulty-dynamo.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import type { Seeds, WriteCase } from "./write-cases/write-case.ts";
import { WRITE_CASES } from "./write-cases.ts";

/*
 * Every write of the adapters, under what AWS does to writes and the emulator does not: refused for a while because a
 * transaction is under way on its item, and repeated by the SDK after its answer was lost. Its caller must not notice.
 */

/** Files whose stores say why a repeat may be noticed. */
const EXCEPT = new Set(["upstream-limits/dynamo-limit-store.ts", "operations/live-tickets.ts"]);
/** Ids that each call draws anew, and a number that only says that a row has changed. */
const DRAWN = ["noted_by", "last_call", "greeted_by", "caption_call", "thumbnails_call", "sweep_call"];
const COUNTED_CHANGES = "reading#";

const KEYS = {
  status: ["catalog_id", "batch_id"],
  operations: ["operation_key"],
  products: ["product_key"],
  "product-history": ["product_key", "changed_at_field"],
  "content-ends": ["ends_hour", "ends_at_id"],
  marketplaces: ["code"],
  failures: ["tracking_id", "product_key"],
  limits: ["limit_key"],
  "shop-products": ["seller_handle", "video_id"],
  "assembly-staging": ["video_id", "seller_handle"],
  "live-connections": ["channel", "connection_id"],
  access: ["access_key"],
  webhooks: ["webhook_key", "entry_key"],
  "refresh-demand": ["product_key"],
  "refresh-jobs": ["refresh_date", "job_id"],
  "dead-letters": ["letter_key", "part"],
} as const;

const tablesOf = async (seeds: Seeds) => {
  const tables = new MemoryDynamo(
    Object.fromEntries(Object.entries(KEYS).map(([name, keys]) => [name, { keys: [...keys] }])),
  );
  const client = tables.client();
  for (const [TableName, items] of Object.entries(seeds)) {
    for (const item of items) {
      // Without what is undefined; sets stay.
      const Item = unmarshall(marshall(item, { removeUndefinedValues: true }));
      await client.send(new PutCommand({ TableName, Item }));
    }
  }
  const contents = () =>
    Object.keys(KEYS).map((name) =>
      tables.items(name).map((item) => {
        const isCounted = String(item.operation_key).startsWith(COUNTED_CHANGES);
        const left = Object.entries(item).filter(([key]) => !DRAWN.includes(key) && !(isCounted && key === "version"));
        return Object.fromEntries(left);
      }),
    );
  return { client, contents };
};

/** What a write gives and leaves under faults. */
const play = async ({ seeds = {}, write }: WriteCase, faultAt: (attempt: number) => WriteFault | undefined) => {
  const { client, contents } = await tablesOf(seeds);
  let attempts = 0;
  const faulty = faultyDynamo(client, (attempt) => {
    attempts = attempt;
    return faultAt(attempt);
  });
  const result = await write(faulty).catch((error: unknown) => error);
  return { result, contents: contents(), attempts };
};

const cases = Object.entries(WRITE_CASES).flatMap(([file, writes]) =>
  Object.entries(writes).map(([method, one]) => [`${file} ${method}`, one] as const),
);

describe.each(cases)("%s", (_name, one) => {
  it("succeeds, else it would prove nothing", async () => {
    const { result, attempts, contents } = await play(one, () => undefined);
    expect(result).not.toBeInstanceOf(Error);
    expect([false, undefined, "leased", "settled", "missing"]).not.toContain(
      result === undefined ? "done" : ((result as { kind?: string }).kind ?? result),
    );
    expect(attempts).toBeGreaterThan(0);
    expect(contents).not.toEqual((await tablesOf(one.seeds ?? {})).contents());
  });

  it("gives and leaves the same when each answer is lost once", async () => {
    const { result, contents } = await play(one, () => "repeated");
    const { result: expected, contents: left } = await play(one, () => undefined);
    expect(result).toEqual(expected);
    expect(contents).toEqual(left);
  });

  it("gives and leaves the same when it meets transactions for a while, and its answer is lost then", async () => {
    const { result, contents } = await play(one, (attempt) => (attempt < 8 ? "conflict" : "repeated"));
    const { result: expected, contents: left } = await play(one, () => undefined);
    expect(result).toEqual(expected);
    expect(contents).toEqual(left);
  });

  it("fails for now, with nothing done, when it never stops meeting them", async () => {
    const { result, contents, attempts } = await play(one, () => "conflict");
    expect(result).toBeInstanceOf(TransientError);
    expect(attempts).toBe(8);
    expect(contents).toEqual((await tablesOf(one.seeds ?? {})).contents());
  });
});

it("there is a case for each write of each adapter", () => {
  const folder = `${REPOSITORY_ROOT}/lambdas/common/adapters/dynamodb`;
  const writes = readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    if (!file.endsWith(".ts")) return [];
    const found = readFileSync(`${folder}/${file}`, "utf8").match(/new (Put|Update|Delete|TransactWrite)Command\b/g);
    return found ? [[file, found.length] as const] : [];
  });
  expect(writes.map(([file]) => file).sort()).toEqual(Object.keys(WRITE_CASES).sort());
  for (const [file, count] of writes) {
    if (EXCEPT.has(file)) continue;
    expect(Object.keys(WRITE_CASES[file] ?? {}).length, file).toBeGreaterThanOrEqual(count);
  }
});
