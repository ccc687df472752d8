import { afterEach, describe, expect, it } from "vitest";
import { aCatalog } from "./harness/answers.ts";
import { CATALOG_ID, type Reply, type Seen, status } from "./harness/fake-api.ts";
import { type Harness, openHarness } from "./harness/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

/** Presses Ctrl-C with the so-many-th read at a run that continues for ever. */
const interruptedAt = async (read: number): Promise<AbortController> => {
  const interrupt = new AbortController();
  let reads = 0;
  harness = await openHarness(() => {
    reads += 1;
    if (reads === read) interrupt.abort();
    return { status: 200, body: status("running", reads, 0) };
  });
  return interrupt;
};

describe("watch and Ctrl-C", () => {
  it("prints the last status that was seen with --json", async () => {
    const interrupt = await interruptedAt(3);
    const { code, out, err } = await harness.cli(["watch", CATALOG_ID, "--json"], { interrupt });
    expect(code).toBe(130);
    expect(JSON.parse(out)).toEqual(status("running", 2, 0));
    expect(err).toContain(`The run continues without this window. Watch it with: enrichline watch ${CATALOG_ID}`);
  });

  it("prints an error document with --json when nothing was seen yet", async () => {
    const interrupt = await interruptedAt(1);
    const { code, out } = await harness.cli(["watch", CATALOG_ID, "--json"], { interrupt });
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ error: { exit_code: 130, problem: null } });
  });

  it("leaves stdout empty without --json", async () => {
    const interrupt = await interruptedAt(2);
    const { code, out } = await harness.cli(["watch", CATALOG_ID], { interrupt });
    expect(code).toBe(130);
    expect(out).toBe("");
  });
});

describe("watch of a file that is still read", () => {
  const reading = status("ingesting", 0, 0, {
    tracking_id: null,
    totals: { products: 0, batches: 0 },
    counts: { pending: 0, enriched: 0, failed: 0, cancelled: 0 },
    ingest: { bytes_read: 10, bytes: 100 },
  });
  const open = async (...states: ReturnType<typeof status>[]): Promise<void> => {
    let reads = 0;
    harness = await openHarness(({ path }: Seen): Reply => {
      if (path.endsWith("/status")) {
        reads += 1;
        return { status: 200, body: states[Math.min(reads, states.length) - 1] };
      }
      const row = { line: 3, value: "nope", reason: "not an ASIN" };
      if (path.endsWith("/rejected")) return { status: 200, body: { items: [row], next_cursor: null } };
      return { status: 200, body: aCatalog({ state: "running", total_products: 20, duplicates: 4, rejected: 1 }) };
    });
  };

  it("tells what the file held once it has been read", async () => {
    await open(reading, status("running", 5, 0), status("completed", 20, 0));
    const { code, out } = await harness.cli(["watch", CATALOG_ID]);
    expect(code).toBe(0);
    expect(out.match(/Rows +20 valid, 1 bad, 4 duplicates/g)).toHaveLength(1);
    expect(out).toMatch(/3 +nope +not an ASIN/);
    expect(out).toContain("State     completed");
  });

  it("leaves the bar of the reading on a line of its own", async () => {
    await open(reading, status("completed", 20, 0));
    const { err } = await harness.cli(["watch", CATALOG_ID], { live: true });
    expect(err).toMatch(/10% {2}10 B of 100 B read\n\r\S+\[#+\] 100%/);
  });

  it("stays one document with --json, and says nothing of a file that had been read before", async () => {
    await open(reading, status("completed", 20, 0));
    const { out } = await harness.cli(["watch", CATALOG_ID, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ state: "completed" });
    await harness.close();
    await open(status("running", 5, 0), status("completed", 20, 0));
    expect((await harness.cli(["watch", CATALOG_ID])).out).not.toContain("Rows ");
  });
});
