import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { formatMoment } from "../../../../cli/output/format-moment.ts";
import { aSourceQuota } from "../harness/answers.ts";
import { type Reply, report, type Seen } from "../harness/fake-api.ts";
import { type Harness, openHarness } from "../harness/harness.ts";

const NOW_MS = Date.parse("2026-08-01T10:00:00.000Z");

let harness: Harness;
afterEach(() => harness.close());

/** A dry run of a small file with these changes of the answer. */
const dryRun = async (
  changes: Record<string, unknown>,
  options: { quota?: Reply; args?: readonly string[] } = {},
): Promise<{ code: number; out: string; err: string }> => {
  harness = await openHarness(({ path }: Seen): Reply => {
    if (path.endsWith("/quota")) return options.quota ?? { status: 500, body: {} };
    return { status: 200, body: { ...report, catalog_id: null, tracking_id: null, ...changes } };
  });
  const file = join(harness.folder, "mine.csv");
  await writeFile(file, "asin\nB07CXG6C9W\n");
  return harness.cli(["upload", file, "--dry-run", ...(options.args ?? [])], { nowMs: NOW_MS });
};

const quota = (...sources: ReturnType<typeof aSourceQuota>[]): Reply => ({
  status: 200,
  body: { sources, timestamp: "2026-08-01T10:00:00.000Z" },
});

describe("upload --dry-run", () => {
  it("says what the file holds and what it will take, each on a line, zeros too", async () => {
    const finishes_at = "2026-08-01T12:20:00.000Z";
    const { code, out } = await dryRun({
      estimate: { ...report.estimate, seconds: 8_400, finishes_at },
      rejected: { count: 0, rows: [] },
    });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "Rows      20 valid, 0 bad, 2 duplicates",
        "Batches   1 of up to 20 products",
        "Fresh     0 of 20 products are fresh already and need no call",
        "Calls     creators-api 2",
        "          more where the next source must fill what the first one lacks",
        `Time      about 2 h 20 min, ends ${formatMoment(finishes_at, NOW_MS)} local time`,
        "Day       0.03% of the day's allowance",
        "Keepa     0 tokens",
        "Money     $0.000123 for AWS",
        "Dry run: nothing was stored.",
        "",
      ].join("\n"),
    );
  });

  it("names every source, what is fresh, Keepa's tokens, and a run of more than a day", async () => {
    const { out } = await dryRun({
      estimate: {
        ...report.estimate,
        calls: { "creators-api": 9_000, keepa: 3 },
        fresh: 7,
        keepa_tokens: 25,
        day_share: 1.0417,
      },
    });
    expect(out).toContain("Fresh     7 of 20 products");
    expect(out).toContain("Calls     creators-api 9000, keepa 3\n");
    expect(out).toContain("Keepa     25 tokens\n");
    expect(out).toContain("Day       104.2% of the day's allowance, so the rest waits for the next day\n");
  });

  it("says so where no call is needed, and where a source knows no day", async () => {
    const none = await dryRun({ estimate: { ...report.estimate, calls: {}, day_share: null, fresh: 20 } });
    expect(none.out).toContain("Calls     none\n");
    expect(none.out).toContain("Day       nothing of the day's allowance\n");
    await harness.close();
    const unlimited = await dryRun({ estimate: { ...report.estimate, day_share: null } });
    expect(unlimited.out).toContain("Day       no daily limit\n");
  });

  it("points at no list of rejected rows, because none is kept", async () => {
    const { out } = await dryRun({ rejected: { ...report.rejected, count: 3 } });
    expect(out).toMatch(/7 +.*nope +not an ASIN\nand 2 more\n/);
    expect(out).not.toContain("enrichline rejected");
  });
});

describe("an upload without an estimate", () => {
  it("says that no source has credentials, and how to store them", async () => {
    const { out } = await dryRun(
      { estimate: null },
      { quota: quota(aSourceQuota("creators-api"), aSourceQuota("keepa")) },
    );
    expect(out).toContain(
      "Estimate  none: No credentials are stored for creators-api, so it is skipped. No credentials",
    );
    expect(out).toContain("What to do: Store them with: enrichline credentials set creators-api\n");
  });

  it("speaks of the wished source alone without fallback", async () => {
    const { out } = await dryRun(
      { estimate: null },
      {
        quota: quota(aSourceQuota("creators-api", { state: "ok" }), aSourceQuota("keepa")),
        args: ["--provider", "keepa", "--no-fallback"],
      },
    );
    expect(out).toContain("Estimate  none: No credentials are stored for keepa, so it is skipped.\n");
    expect(out).toContain("What to do: Store them with: enrichline credentials set keepa\n");
  });

  it("says that the shop is served by no source that may be asked", async () => {
    const all = {
      quota: quota(aSourceQuota("creators-api", { state: "ok" }), aSourceQuota("keepa", { state: "waiting" })),
    };
    const { out } = await dryRun({ estimate: null }, all);
    expect(out).toContain("none: The file has products of a shop that cannot be asked at creators-api, keepa.");
    expect(out).toContain("--marketplace");
    await harness.close();
    const alone = await dryRun({ estimate: null }, { ...all, args: ["--no-fallback"] });
    expect(alone.out).toContain("cannot be asked at creators-api.");
    expect(alone.out).toContain("leave --no-fallback away");
  });

  it("says that no source is enabled", async () => {
    const { out } = await dryRun({ estimate: null }, { quota: quota() });
    expect(out).toContain("none: No source is enabled on this stage.");
    expect(out).toContain("cdk.json");
  });

  it("stands even when nobody can say why", async () => {
    const { code, out } = await dryRun({ estimate: null }, { quota: { status: 500, body: {} } });
    expect(code).toBe(0);
    expect(out).toContain("Why, could not be found out");
    expect(out).toContain("enrichline quota");
  });

  it("has the reason in the JSON document, and only then", async () => {
    const without = await dryRun({ estimate: null }, { quota: quota(), args: ["--json"] });
    expect(JSON.parse(without.out)).toMatchObject({
      upload: { estimate: null },
      no_estimate: { reason: "No source is enabled on this stage.", next_step: expect.any(String) },
    });
    await harness.close();
    const withOne = JSON.parse((await dryRun({}, { args: ["--json"] })).out);
    expect(Object.keys(withOne)).toEqual(["upload", "status"]);
  });
});
