import { describe, expect, it } from "vitest";
import { collectLetters } from "../../../../lambdas/common/services/dead-letters/collect-letters.ts";
import { person } from "../../../helpers/access/callers.ts";
import { batchBody, LetterWorld } from "../../../helpers/worlds/letter-world.ts";
import { operationsApi, signedIn } from "../operations-world.ts";

const OPERATOR = person("u2", "operators");

/** The API over a table in memory, with three letters of `enrich` and one of a stream. */
const world = async () => {
  const letters = new LetterWorld();
  for (const number of [1, 2, 3]) {
    letters.put("enrich-dlq", { body: batchBody(number) });
    await collectLetters(letters.process(), letters.nowMs);
    letters.nowMs += 1_000;
  }
  letters.put("broadcasts-dlq", { body: "{}" });
  await collectLetters(letters.process(), letters.nowMs);
  let begun = 0;
  const api = operationsApi({
    newId: () => "0123456789abcdef",
    deadLetters: {
      ...{ letters: letters.store, jobs: letters.jobStore, consoleRegion: "eu-west-1" },
      begin: async () => {
        begun += 1;
      },
    },
  });
  return { ...api, letters, begun: () => begun };
};

describe("GET /operations/dead-letters", () => {
  it("is for operators", async () => {
    const { get, post } = await world();
    expect((await get("/operations/dead-letters", signedIn)).status).toBe(403);
    expect((await get("/operations/dead-letters/m-1", signedIn)).status).toBe(403);
    expect((await get("/operations/redrives", signedIn)).status).toBe(403);
    for (const path of ["/operations/redrives", "/operations/discards"]) {
      expect((await post(path, { queue: "enrich", all: true, dry_run: true }, signedIn)).status).toBe(403);
    }
  });

  it("lists open letters, newest first, page by page, by queue and by what they have in common, and changes nothing", async () => {
    const { get } = await world();
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await get(`/operations/dead-letters?limit=2${cursor}`, OPERATOR);
      expect([body.approximate_total, body.complete]).toEqual([4, true]);
      seen.push(...body.items.map((one: { message_id: string }) => one.message_id));
      cursor = body.next_cursor === null ? "" : `&cursor=${body.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(["m-4", "m-3", "m-2", "m-1"]);
    const ids = async (query: string) =>
      (await get(`/operations/dead-letters?${query}`, OPERATOR)).body.items.map(
        ({ message_id }: { message_id: string }) => message_id,
      );
    expect(await ids("asin=B0LETTER02")).toEqual(["m-2"]);
    expect(await ids("error_code=RECORDS_GIVEN_UP")).toEqual(["m-4"]);
    expect(await ids("queue=enrich&older_than=2026-08-01T12:00:01.000Z")).toEqual(["m-1"]);
    expect(await ids("state=discarded")).toEqual([]);
  });

  it("shows one with its body, its error and a link to its log lines; of a place in a stream what to do instead", async () => {
    const { get } = await world();
    const { body } = await get("/operations/dead-letters/m-1", OPERATOR);
    expect(body).toMatchObject({ body: batchBody(1), redrivable: true, error: { code: "DELIVERIES_FAILED" } });
    expect(body.log.log_group).toBe("/logs/enrich");
    expect(body.log.filter_pattern).toBe('?"m-1" ?"c1"');
    expect(body.log.url).toContain("https://eu-west-1.console.aws.amazon.com/cloudwatch/home");
    expect((await get("/operations/dead-letters/m-4", OPERATOR)).body).toMatchObject({
      redrivable: false,
      advice: expect.stringContaining("Discard it"),
    });
    expect((await get("/operations/dead-letters/m-99", OPERATOR)).status).toBe(404);
  });
});

describe("POST /operations/redrives", () => {
  it.each([
    [{}, "filter"],
    [{ queue: "enrich" }, "filter"],
    [{ filter: {} }, "filter"],
    [{ all: true }, "queue"],
  ])("refuses %j, because nothing never means all", async (request, field) => {
    const { post, letters } = await world();
    for (const path of ["/operations/redrives", "/operations/discards"]) {
      const { status, body } = await post(path, request, OPERATOR);
      expect([status, body.errors[0].field]).toEqual([400, field]);
    }
    expect((await letters.jobStore.list({ limit: 10 })).items).toEqual([]);
  });

  it("previews without changing anything", async () => {
    const { post, letters, begun } = await world();
    const request = { filter: { newer_than: "2026-08-01T12:00:01.000Z" }, dry_run: true };
    const { status, body } = await post("/operations/redrives", request, OPERATOR);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ kind: "redrive", matched: 3, complete: true, cannot_be_sent: 1 },
      by_queue: [
        { queue: "enrich", count: 2 },
        { queue: "broadcasts", count: 1 },
      ],
    });
    expect([(await letters.jobStore.list({ limit: 10 })).items, begun()]).toEqual([[], 0]);
  });

  it("makes a job of who, what and when, has it begin, and can be read and stopped by it", async () => {
    const { post, get, app, begun } = await world();
    const { status, body } = await post("/operations/redrives", { message_ids: ["m-1", "m-1"], limit: 1 }, OPERATOR);
    expect([status, begun()]).toEqual([202, 1]);
    expect(body).toMatchObject({
      kind: "redrive",
      state: "running",
      message_ids: ["m-1"],
      limit: 1,
      rate_per_second: 10,
    });
    const path = `/operations/redrives/${body.job_id}`;
    expect((await get(path, OPERATOR)).body.job_id).toBe(body.job_id);
    expect((await get(`${path}/messages`, OPERATOR)).body).toEqual({ items: [], next_cursor: null });
    const stopped = await app.request(`/api/v1${path}`, { method: "DELETE" }, OPERATOR);
    expect(await stopped.json()).toMatchObject({ state: "stopped", stopped_by: body.requested_by });
    expect((await get("/operations/redrives", OPERATOR)).body.items).toHaveLength(1);
    expect((await get("/operations/redrives/dlj_00000000000000000000000000", OPERATOR)).status).toBe(404);
  });
});
