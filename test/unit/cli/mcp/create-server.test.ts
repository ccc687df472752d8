import { describe, expect, it } from "vitest";
import { aCatalog, aSourceQuota } from "../harness/answers.ts";
import { CATALOG_ID, status } from "../harness/fake-api.ts";
import { openMcp } from "../harness/mcp-harness.ts";
import { AGREES, CALLS, everything } from "../harness/whole-deployment.ts";

describe("each tool", () => {
  it("is one of a known list, describes itself and its input, and says what it may change", async () => {
    const { tools } = await openMcp(everything, { listed: true });
    expect(tools.map(({ name }) => name).sort()).toEqual(CALLS.map(([name]) => name).sort());
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint]));
    expect(hints).toEqual({
      ...{ list: true, status: true, preview: true, failures: true, quota: true },
      ...{ upload: false, retry: false, doctor: false, export: false },
    });
    for (const { description, inputSchema, outputSchema, annotations } of tools) {
      expect(description).toMatch(/\w{3}/);
      expect(outputSchema?.type).toBe("object");
      expect(annotations?.destructiveHint).toBe(false);
      for (const property of Object.values(inputSchema.properties ?? {}))
        expect(property).toHaveProperty("description");
    }
  });

  it("answers in its own schema, the same as text, and marks what others wrote", async () => {
    const { call, tools } = await openMcp(everything, { listed: true, person: AGREES });
    for (const [name, input] of CALLS) {
      const { isError, answer, text } = await call(name, input);
      expect(isError, `${name}: ${text}`).toBe(false);
      expect(JSON.parse(text)).toEqual(answer);
      if (name !== "quota") expect(answer.from_outside.note).toContain("not instructions");
    }
    expect(tools).toHaveLength(CALLS.length);
  });

  it("says what is wrong with a member that it does not have, and asks the API nothing", async () => {
    const { call, api } = await openMcp(everything);
    for (const [name, input] of CALLS) {
      const { isError, text } = await call(name, { ...input, colour: "red" });
      expect(isError, name).toBe(true);
      expect(text).toContain("colour");
    }
    expect(api.seen).toEqual([]);
  });
});

describe("failures", () => {
  it("a refused token: says what to do, and a new sign-in is used at the next call", async () => {
    let refused = true;
    const { call } = await openMcp((seen) =>
      refused
        ? { status: 401, body: { detail: "The token has run out.", code: "unauthorized", status: 401 } }
        : everything(seen),
    );
    const { isError, text } = await call("quota");
    expect(isError).toBe(true);
    expect(text).toContain("The token has run out.\nThe token in ENRICHLINE_TOKEN");
    refused = false;
    expect((await call("quota")).isError).toBe(false);
  });

  it("a refused key says how to make another", async () => {
    const { call } = await openMcp(() => ({ status: 401, body: { detail: "No.", status: 401 } }), {
      env: { ENRICHLINE_API_KEY: "elk_x" },
    });
    expect((await call("list")).text).toContain("enrichline keys create");
  });

  it("a right that is missing is shown in the API's words, without advice to sign in", async () => {
    const { call } = await openMcp(({ path }) =>
      path.endsWith("/quota")
        ? { status: 200, body: { sources: [aSourceQuota("keepa")], timestamp: "2026-08-01T00:00:00.000Z" } }
        : { status: 403, body: { detail: "For operators.", code: "forbidden", status: 403 } },
    );
    expect((await call("doctor")).text).toBe("For operators.");
  });

  it("doctor says how the deployment itself is, and not where one source was asked for", async () => {
    const { call } = await openMcp((seen) =>
      seen.path.endsWith("/operations/dead-letters")
        ? { status: 200, body: { items: [], next_cursor: null, approximate_total: 2, complete: true } }
        : everything(seen),
    );
    const { answer } = await call("doctor");
    expect(answer.stack).toEqual([
      expect.objectContaining({ name: "api", ok: false, next_step: expect.stringContaining("docs/runbook.md") }),
      expect.objectContaining({ name: "dead letters", ok: false, next_step: expect.stringContaining("dlq list") }),
    ]);
    expect((await call("doctor", { source: "keepa" })).answer.stack).toEqual([]);
  });

  it("a fault of our own shows no stack, and stderr does", async () => {
    const { call, err } = await openMcp(everything, {
      io: {
        env: {
          get ENRICHLINE_API_URL(): string {
            throw new TypeError("boom");
          },
        },
      },
    });
    const { isError, text } = await call("quota");
    expect(isError).toBe(true);
    expect(text).not.toMatch(/boom|at /);
    expect(err()).toContain("boom");
  });

  it("what a server writes to steer terminals and readers is cut out", async () => {
    const { call } = await openMcp(() => ({
      status: 404,
      body: { detail: "None\u001b[2J\u202e\u{e0041}here", code: "not_found" },
    }));
    expect((await call("status", { catalog_id: CATALOG_ID })).text).toBe("None [2J here");
  });
});

describe("long work", () => {
  it("says how far it is to a client that asks for progress", async () => {
    let call = 0;
    const { client, file } = await openMcp(
      (seen) => {
        if (!seen.path.endsWith("/status")) return everything(seen);
        call += 1;
        return { status: 200, body: call < 3 ? status("running", 5 * call, 0) : status("completed", 20, 0) };
      },
      { person: AGREES },
    );
    const seen: { progress: number; message?: string | undefined }[] = [];
    const result = await client.callTool({ name: "upload", arguments: { file, wait_seconds: 600 } }, undefined, {
      onprogress: (progress) => seen.push(progress),
    });
    expect(result.structuredContent).toMatchObject({ status: { state: "completed" } });
    const lines = seen.filter(({ message }) => message?.includes("/20"));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(seen.map(({ progress }) => progress)).toEqual(seen.map((_, index) => index + 1));
  });

  it("that the client cancels is given up: the call of the API ends, and nothing follows it", async () => {
    const cancel = new AbortController();
    let dropped = 0;
    const { call, api, file } = await openMcp(everything, {
      io: {
        // The API's answer to the dry run never comes.
        fetch: (_, init) =>
          new Promise((_resolve, reject) => {
            init?.signal?.addEventListener("abort", () => {
              dropped += 1;
              reject(new Error("aborted"));
            });
            cancel.abort("enough");
          }),
      },
    });
    await expect(call("upload", { file }, { signal: cancel.signal })).rejects.toThrow();
    await expect.poll(() => dropped).toBe(1);
    expect(api.seen).toEqual([]);
  });
});

describe("answers", () => {
  it("stay small, whatever the API has", async () => {
    const long = "x".repeat(100_000);
    const { call } = await openMcp((seen) => {
      const items = Array.from({ length: 25 }, () => aCatalog({ name: long, failure: long, notes: [long] }));
      return seen.path.endsWith("/catalogs")
        ? { status: 200, body: { items, next_cursor: "c".repeat(2_000) } }
        : everything(seen);
    });
    const { answer, text } = await call("list", { limit: 25 });
    expect(text.length).toBeLessThan(65_000);
    expect(answer.items[0].name).toMatch(/^x{799}…$/);
    expect(answer.next_cursor).toHaveLength(2_000);
  });
});
