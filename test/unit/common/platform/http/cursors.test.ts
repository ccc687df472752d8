import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { ListPositionSchema } from "../../../../../lambdas/common/core/list-page.ts";
import { Cursors, type ListName } from "../../../../../lambdas/common/platform/http/cursors.ts";
import { keysOf, testCursors } from "../../../../helpers/cursors.ts";
import { testRuns } from "../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("cursors");
const LIST: ListName = ["user-1", "failures", "cat_1", "run_1", "NotFound"];
const AT = { tracking_id: "run_1", product_key: "www.amazon.de#B0TEST0001" };
const cursors = testCursors();
const sealed = async (list: ListName = LIST, at: unknown = AT, by = cursors): Promise<string> =>
  (await by.seal(list, at)) ?? "no cursor";
const open = (cursor: string, list: ListName = LIST, by = cursors) => by.open(list, cursor, ListPositionSchema);
const REFUSED = { code: "invalid_cursor", status: 400, errors: [{ field: "cursor" }] };

describe("a cursor", () => {
  it("gives the position back to the list that it belongs to", async () => {
    expect(await open(await sealed())).toEqual(AT);
    expect(await cursors.open(LIST, undefined, ListPositionSchema)).toBeUndefined();
    expect(await cursors.seal(LIST, undefined)).toBeNull();
  });

  it("shows nothing of user, list or position, and is another text each time", async () => {
    const cursor = await sealed();
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toMatch(/user-1|failures|run_1|B0TEST/);
    expect(await sealed()).not.toBe(cursor);
  });

  it.each<[string, ListName]>([
    ["another user", ["user-2", "failures", "cat_1", "run_1", "NotFound"]],
    ["another list", ["user-1", "batches", "cat_1", "run_1", "NotFound"]],
    ["another catalog", ["user-1", "failures", "cat_2", "run_1", "NotFound"]],
    ["another filter", ["user-1", "failures", "cat_1", "run_1", "Timeout"]],
    ["no filter", ["user-1", "failures", "cat_1", "run_1", undefined]],
    ["the same words cut elsewhere", ["user-1", "failures", "cat_1", 'run_1","NotFound']],
  ])("is refused for %s", async (_what, list) => {
    await expect(open(await sealed(), list)).rejects.toMatchObject(REFUSED);
  });

  it.each([
    ["empty", ""],
    ["no base64url", "%%%"],
    ["short", "AQ"],
    ["of the form before cursors were sealed", Buffer.from('["batches#run_1",{"a":"b"}]').toString("base64url")],
    ["long and random", Buffer.alloc(3_000, 7).toString("base64url")],
  ])("is refused when it is %s", async (_what, cursor) => {
    await expect(open(cursor)).rejects.toMatchObject(REFUSED);
  });

  it("is refused after any change of its text", async () => {
    const cursor = await sealed();
    const at = fc.nat(cursor.length - 1);
    const other = fc.constantFrom(..."ABCabc019-_=+/ é");
    const change = fc.oneof(
      fc.tuple(at, other).map(([place, char]) => cursor.slice(0, place) + char + cursor.slice(place + 1)),
      at.map((place) => cursor.slice(0, place)),
      at.map((place) => cursor.slice(0, place) + cursor.slice(place + 1)),
      fc.tuple(at, other).map(([place, char]) => cursor.slice(0, place) + char + cursor.slice(place)),
      fc.string({ unit: "binary" }).map((text) => cursor + text),
    );
    await fc.assert(
      fc.asyncProperty(change, async (changed) => {
        if (changed === cursor) return;
        await expect(open(changed)).rejects.toMatchObject(REFUSED);
      }),
      { seed: SEED, numRuns: testRuns(300) },
    );
  });

  it("is refused when an earlier release sealed another form of position", async () => {
    await expect(cursors.open(LIST, await sealed(), z.number())).rejects.toMatchObject(REFUSED);
  });
});

describe("a new key", () => {
  it("opens what it sealed, and the key before it still does", async () => {
    const before = new Cursors(keysOf("first"));
    const after = new Cursors(keysOf("second", "first"));
    expect(await open(await sealed(LIST, AT, before), LIST, after)).toEqual(AT);
    expect(await open(await sealed(LIST, AT, after), LIST, after)).toEqual(AT);
    await expect(open(await sealed(LIST, AT, after), LIST, before)).rejects.toMatchObject(REFUSED);
  });

  it("ends cursors of the key before the last", async () => {
    const old = await sealed(LIST, AT, new Cursors(keysOf("first")));
    await expect(open(old, LIST, new Cursors(keysOf("third", "second")))).rejects.toMatchObject(REFUSED);
  });
});
