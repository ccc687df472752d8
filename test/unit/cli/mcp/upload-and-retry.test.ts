import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { CATALOG_ID } from "../harness/fake-api.ts";
import { openMcp } from "../harness/mcp-harness.ts";
import { everything } from "../harness/whole-deployment.ts";

describe("upload and retry, by a client that cannot ask", () => {
  it("change nothing without the token of a preview, and the same once with it", async () => {
    const { call, changes, file } = await openMcp(everything);
    const first = await call("upload", { file });
    expect(first.answer).toMatchObject({ outcome: "needs_confirmation", catalog_id: null });
    expect(first.answer.preview.total_products).toBe(20);
    expect(changes()).toEqual([]);
    const { confirm } = first.answer;
    const second = await call("upload", { file, confirm });
    expect(second.answer).toMatchObject({ outcome: "done", catalog_id: CATALOG_ID, confirm: null });
    expect(changes()).toHaveLength(1);
    const third = await call("upload", { file, confirm });
    expect(third.answer.outcome).toBe("needs_confirmation");
    expect(changes()).toHaveLength(1);
  });

  it("preview's token is good for upload", async () => {
    const { call, changes, file } = await openMcp(everything);
    const { answer } = await call("preview", { file });
    expect(changes()).toEqual([]);
    expect((await call("upload", { file, confirm: answer.confirm })).answer.outcome).toBe("done");
  });

  it.each([
    ["another file's content", { change: true }, {}],
    ["another choice", {}, { force: true }],
    ["another shop", {}, { marketplace: "amazon.de" }],
  ])("a token is worth nothing for %s", async (_, { change = false }: { change?: boolean }, other) => {
    const { call, changes, file } = await openMcp(everything);
    const { answer } = await call("preview", { file });
    if (change) await writeFile(file, "asin\nB08DQQ8CBP\n");
    expect((await call("upload", { file, ...other, confirm: answer.confirm })).answer.outcome).toBe(
      "needs_confirmation",
    );
    expect(changes()).toEqual([]);
  });

  it("a token ends after a quarter of an hour", async () => {
    let now = 0;
    const { call, file } = await openMcp(everything, { io: { now: () => now } });
    const { answer } = await call("preview", { file });
    now = 15 * 60_000;
    expect((await call("upload", { file, confirm: answer.confirm })).answer.outcome).toBe("needs_confirmation");
  });

  it("retry says first what it would touch", async () => {
    const { call, api } = await openMcp(everything);
    const first = await call("retry", { catalog_id: CATALOG_ID, error_codes: ["NotFound"] });
    expect(first.answer).toMatchObject({ outcome: "needs_confirmation", report: { matched: 3, dry_run: true } });
    const { confirm } = first.answer;
    // A token for some is none for all.
    expect((await call("retry", { catalog_id: CATALOG_ID, confirm })).answer.outcome).toBe("needs_confirmation");
    const dryRuns = api.seen.map(({ body }) => JSON.parse(body.toString()).dry_run);
    expect(dryRuns).toEqual([true, true]);
    const done = await call("retry", { catalog_id: CATALOG_ID, error_codes: ["NotFound"], confirm });
    expect(done.answer).toMatchObject({ outcome: "done", report: { reopened: 3, dry_run: false } });
  });
});

describe("upload and retry, by a client that can ask", () => {
  it("ask the person, in words that name file, size and deployment", async () => {
    const questions: string[] = [];
    const { call, changes, file } = await openMcp(everything, {
      person: (question) => {
        questions.push(question);
        return { action: "accept", content: { confirm: true } };
      },
    });
    expect((await call("upload", { file })).answer.outcome).toBe("done");
    expect(questions[0]).toMatch(/Upload mine\.csv with 20 products \(2 calls of creators-api\)\? Deployment: 127/);
    expect(changes()).toHaveLength(1);
    expect((await call("preview", { file })).answer.confirm).toBeNull();
  });

  it.each([
    [{ action: "decline" as const }],
    [{ action: "cancel" as const }],
    [{ action: "accept" as const, content: { confirm: false } }],
  ])("%j changes nothing, and no token helps", async (said) => {
    const { call, changes, file } = await openMcp(everything, { person: () => said });
    for (const name of ["upload", "retry"]) {
      const input = name === "upload" ? { file } : { catalog_id: CATALOG_ID };
      expect((await call(name, { ...input, confirm: "made-up" })).answer.outcome).toBe("declined");
    }
    const bodies = changes().map(({ body }) => JSON.parse(body.toString()));
    expect(bodies.every(({ dry_run }) => dry_run)).toBe(true);
  });

  it("an answer in another form changes nothing", async () => {
    const { call, changes, file } = await openMcp(everything, {
      person: () => ({ action: "accept", content: { confirm: "yes" } }),
    });
    const { isError, text } = await call("upload", { file });
    expect(isError).toBe(true);
    expect(text).toContain("nothing was changed");
    expect(changes()).toEqual([]);
  });
});
