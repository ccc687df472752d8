import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { marketplaceAnswer } from "../../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { noticesOf } from "../../../../lambdas/common/core/licences/notices.ts";
import { findMarketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { PRODUCT_FIELDS } from "../../../../lambdas/common/core/products/product.ts";
import { aLicensedProduct } from "../../../helpers/products.ts";
import { aCatalog, aCatalogProduct, aFailure, aRetryReport, aSourceQuota } from "../harness/answers.ts";
import { CATALOG_ID, type Reply, report, type Seen, status } from "../harness/fake-api.ts";
import { openMcp } from "../harness/mcp-harness.ts";

const DRY_RUN = { ...report, catalog_id: null, tracking_id: null };
const EXPORT = {
  ...{ export_id: "exp_0123456789abcdef", catalog_id: CATALOG_ID, format: "csv", row_state: null, public: false },
  ...{ state: "ready", rows_read: 1, rows_written: 1, total_rows: 1, file_name: "mine-all-2026-08-01.csv" },
  ...{ expires_at: "2026-08-01T01:00:00.000Z", valid_until: "2026-08-02T00:00:00.000Z", failure: null },
  created_at: "2026-08-01T00:00:00.000Z",
};
const CHECK = {
  ...{ source: "keepa", state: "ok", ok: true, reason: "It answered.", next_step: "", marketplace: "www.amazon.com" },
  checks: [{ name: "one call", ok: true, detail: "fine" }],
};
const shop = findMarketplace("www.amazon.com");
if (!shop) throw new Error("the shop is built in");

/** A deployment with one of everything. */
const everything = ({ method, path, query, body, headers }: Seen): Reply => {
  const ok = (answer: unknown): Reply => ({ status: 200, body: answer });
  const at = path.replace("/api/v1", "");
  if (at === "/catalogs" && method === "GET") return ok({ items: [aCatalog()], next_cursor: "more" });
  if (at === "/catalogs") return query.dry_run === "true" ? ok(DRY_RUN) : { status: 202, body: report };
  if (at.endsWith("/status")) return ok(status("completed", 20, 0));
  if (at.endsWith("/failures")) return ok({ items: [aFailure()], next_cursor: null });
  if (at.endsWith("/retry")) {
    const dry_run = z.object({ dry_run: z.boolean() }).parse(JSON.parse(body.toString())).dry_run;
    return ok(aRetryReport(dry_run ? 0 : 3, dry_run ? 3 : 0, { dry_run }));
  }
  if (at === "/quota") return ok({ sources: [aSourceQuota("keepa")], timestamp: "2026-08-01T00:00:00.000Z" });
  if (at === "/operations/probes") return ok(CHECK);
  if (at.endsWith("/exports") || at.startsWith("/exports/"))
    return ok({ ...EXPORT, download_url: `http://${headers.host}/download` });
  if (path === "/download") return ok({ the: "file" });
  if (at === "/marketplaces") return ok({ items: [marketplaceAnswer(shop)], default_marketplace: shop.code });
  if (at.endsWith("/products")) {
    const product = aLicensedProduct({ title: "Desk lamp" });
    return ok({ items: [aCatalogProduct({ product })], next_cursor: null });
  }
  return { status: 404, body: { detail: `No ${method} ${path}`, code: "not_found" } };
};

/** A person who agrees to everything. */
const AGREES = () => ({ action: "accept" as const, content: { confirm: true } });

/** Each tool with an input that it takes. */
const CALLS: readonly (readonly [name: string, input: Record<string, unknown>])[] = [
  ["list", {}],
  ["status", { catalog_id: CATALOG_ID }],
  ["preview", { file: "mine.csv" }],
  ["upload", { file: "mine.csv", wait_seconds: 5 }],
  ["failures", { catalog_id: CATALOG_ID }],
  ["retry", { catalog_id: CATALOG_ID }],
  ["quota", {}],
  ["doctor", {}],
  ["export", { catalog_id: CATALOG_ID }],
];

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

/** Adds licensed content to every object of an answer, as a newer deployment might. */
const withContentAnywhere = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withContentAnywhere);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    // These are counts by source id.
    name === "by_source" || name === "calls" ? member : withContentAnywhere(member),
  ]);
  const content = Object.fromEntries(PRODUCT_FIELDS.map((field) => [field, "LICENSED"]));
  return { ...content, product: aLicensedProduct({ title: "LICENSED" }), ...Object.fromEntries(members) };
};

const membersOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...membersOf(member)]);
};

describe("product content", () => {
  it.each(CALLS)("%s has none without --with-content, whatever the deployment answers", async (name, input) => {
    const { call } = await openMcp(
      (seen) => {
        const reply = everything(seen);
        return seen.path.endsWith("/failures")
          ? { status: 200, body: { items: [aFailure({ source: "keepa", message: "LICENSED" })], next_cursor: null } }
          : { ...reply, body: withContentAnywhere(reply.body) };
      },
      { person: AGREES },
    );
    const { isError, answer, text } = await call(name, input);
    expect(isError, text).toBe(false);
    expect(text).not.toContain("LICENSED");
    expect(membersOf(answer).filter((member) => (PRODUCT_FIELDS as readonly string[]).includes(member))).toEqual([]);
  });

  it("is no tool's, and the instructions say how to have it", async () => {
    const { client, tools } = await openMcp(everything, { listed: true });
    expect(tools.map(({ name }) => name)).not.toContain("products");
    expect(client.getInstructions()).toContain("--with-content");
  });

  it("words of a failure that are our own are told all the same", async () => {
    const items = [
      aFailure({ source: "creators-api", message: "ours" }),
      aFailure({ source: "keepa", message: "theirs" }),
    ];
    const reply = () => ({ status: 200, body: { items, next_cursor: null } });
    const without = await (await openMcp(reply)).call("failures", { catalog_id: CATALOG_ID });
    expect(without.answer.items.map(({ message }: { message: unknown }) => message)).toEqual(["ours", null]);
    const withIt = await (await openMcp(reply, { withContent: true })).call("failures", { catalog_id: CATALOG_ID });
    expect(withIt.answer.items.map(({ message }: { message: unknown }) => message)).toEqual(["ours", "theirs"]);
  });

  it("comes with --with-content: what may be public unless asked otherwise, with its end and the shop's notices", async () => {
    const { call, api } = await openMcp(everything, { withContent: true });
    const { answer } = await call("products", { catalog_id: CATALOG_ID });
    const [{ product }] = answer.items;
    expect(product.title).toBe("Desk lamp");
    expect(answer.notices).toEqual(noticesOf("www.amazon.com"));
    expect(answer.valid_until).toBe(product.provenance.title.store_until);
    expect(answer.from_outside.members).toContain("items[].product");
    await call("products", { catalog_id: CATALOG_ID, public: false });
    const asked = api.seen.filter(({ path }) => path.endsWith("/products")).map(({ query }) => query.public);
    expect(asked).toEqual(["true", undefined]);
  });

  it("an export lies in a file; its answer names it, its end, and neither its content nor its address", async () => {
    const { call, folder } = await openMcp(everything);
    const { answer, text } = await call("export", { catalog_id: CATALOG_ID });
    expect(answer.file).toBe(join(folder, "lists", "mine-all-2026-08-01.csv"));
    expect(await readFile(answer.file, "utf8")).toBe('{"the":"file"}');
    expect(answer.delete_by).toBe("2026-08-02T00:00:00.000Z");
    expect(text).not.toContain("download");
    const again = await call("export", { catalog_id: CATALOG_ID });
    expect(again.text).toContain("nothing is replaced");
  });
});

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

  it("a right that is missing is told in the API's words, without advice to sign in", async () => {
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
