import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { sourceLicences } from "../../../../../lambdas/common/core/contract/licences/licences.ts";
import type { LicenceReport } from "../../../../../lambdas/common/core/contract/licences/report.ts";
import { revocationView } from "../../../../../lambdas/common/core/contract/licences/revocation.ts";
import { newCensus } from "../../../../../lambdas/common/core/licences/revocations/census.ts";
import { newRevocation } from "../../../../../lambdas/common/core/licences/revocations/revocation.ts";
import { LICENCES } from "../../../../helpers/rights.ts";
import { NOON } from "../../../../helpers/rows.ts";
import type { Reply, Seen } from "../../harness/fake-api.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli, pathOf } = localHarness();
const now = new Date(NOON).toISOString();
const acknowledged = { "creators-api": { history: "Jo <b>Doe</b> of Amazon | agreed on 2026-11-02." } };
const licences = sourceLicences(LICENCES, acknowledged, ["creators-api", "keepa"], []);
const held = { products: 5, fields: 40, oldest: now, ends: { "2026-11-24T12": 40 }, raw_answers: 3, exports: 1 };
const report: LicenceReport = {
  ...{ stage: "local", generated_at: now, counted_at: now, counting: null, products_read: 5, swept_exports: 2 },
  sources: licences.map((one) => ({
    ...one,
    held: one.source === "creators-api" ? held : newCensus(now).held[one.source],
    swept: { fields: 0, raw_answers: 0, since: null },
    revocations: [],
  })),
};
const asked = { revocation_id: "rev_0123456789abcdef", source: "keepa" as const, requested_by: "op" };
const removing = revocationView(newRevocation(asked, NOON));
const settling = { ...removing, state: "settling" as const, removed: { ...removing.removed, fields: 7, products: 2 } };
const preview = { source: "keepa", enabled: true, counted_at: now, held, revocation_id: null as string | null };

/** The API of a stage on which a revocation takes two reads. */
const stage = (changes: { readonly inForce?: boolean; readonly conflict?: boolean } = {}) => {
  let inForce = changes.inForce ?? false;
  let reads = 0;
  return ({ method, path, body }: Seen): Reply => {
    if (path.endsWith("/licences/report")) {
      return method === "POST" ? { status: 202, body: { requested_at: now } } : { status: 200, body: report };
    }
    if (method === "DELETE") return { status: 200, body: { ...removing, state: "cancelled", ended_at: now } };
    if (method === "GET") {
      reads += 1;
      return { status: 200, body: reads < 3 ? removing : settling };
    }
    const { dry_run = false } = JSON.parse(String(body));
    if (dry_run) return { status: 200, body: { ...preview, revocation_id: inForce ? asked.revocation_id : null } };
    inForce = true;
    const problem = { type: "about:blank", title: "Conflict", status: 409, detail: "revoked already" };
    return changes.conflict
      ? { status: 409, body: { ...problem, code: "already_revoked" } }
      : { status: 202, body: removing };
  };
};
const sent = (calls: readonly Seen[]): string[] =>
  calls.map(({ method, path, body }) => `${method} ${path.replace("/api/v1/licences", "")} ${String(body)}`.trim());

describe("licence", () => {
  it("list says what each source allows and what was acknowledged", async () => {
    await start(() => ({ status: 200, body: { items: licences } }));
    const { code, out } = await cli(["licence", "list"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^creators-api +24 h +no +yes +yes +history: Jo/m);
    expect(out).toMatch(/^keepa +without end +yes +no +no$/m);
    expect(JSON.parse((await cli(["licence", "list", "--json"])).out).items).toHaveLength(6);
  });

  it("report is readable, dated JSON, or a page in which nothing of what it says is markup", async () => {
    await start(() => ({ status: 200, body: report }));
    const { out } = await cli(["licence", "report"]);
    expect(out).toMatch(/^2026-11-24T12:00 +creators-api +40$/m);
    expect(out).toMatch(/^keepa +0 +0 +none +0 +0$/m);
    expect(JSON.parse((await cli(["licence", "report", "--json"])).out)).toEqual(report);
    const html = pathOf("report.html");
    expect((await cli(["licence", "report", "--out", html])).code).toBe(0);
    const page = await readFile(html, "utf8");
    expect(page).toContain("<td>creators-api</td><td>5</td><td>40</td>");
    expect(page).not.toContain("<b>");
    expect((await cli(["licence", "report", "--out", html])).code).toBe(2);
    const markdown = pathOf("report.md");
    await cli(["licence", "report", "--out", markdown]);
    expect(await readFile(markdown, "utf8")).toContain("Jo \\<b\\>Doe\\</b\\> of Amazon \\| agreed");
    expect((await cli(["licence", "report", "--out", pathOf("report.pdf")])).code).toBe(2);
  });

  it("revoke counts, says what goes, and removes nothing when nobody can be asked", async () => {
    const api = await start(stage());
    const { code, err } = await cli(["licence", "revoke", "keepa"]);
    expect(code).toBe(2);
    expect(err).toContain("40 fields of 5 products");
    expect(sent(api.calls()).filter((call) => call === 'POST /revocations {"source":"keepa"}')).toEqual([]);
    expect((await cli(["licence", "revoke", "ebay", "--yes"])).code).toBe(2);
  });

  it.each([
    ["begins one", {}],
    ["follows the one that a lost answer began", { conflict: true }],
    ["follows the one that is in force", { inForce: true }],
  ])("revoke --yes %s until what was stored is gone", async (_, changes) => {
    await start(stage(changes));
    const { code, out, err } = await cli(["licence", "revoke", "keepa", "--yes"], { nowMs: NOON });
    expect(code).toBe(0);
    expect(err).toContain("7 fields of 2 products");
    expect(out).toContain("All that was stored of keepa is removed");
  });

  it("revoke is left by Ctrl-C, and ended by --cancel", async () => {
    const interrupt = new AbortController();
    const replies = stage({ inForce: true });
    await start((seen) => {
      if (seen.method === "GET") interrupt.abort();
      return replies(seen);
    });
    const left = await cli(["licence", "revoke", "keepa", "--yes"], { interrupt });
    expect([left.code, left.err]).toEqual([130, expect.stringContaining("Removal continues")]);
    const ended = await cli(["licence", "revoke", "keepa", "--cancel"]);
    expect([ended.code, ended.out]).toEqual([0, expect.stringContaining("was ended")]);
  });
});
