import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

const SCRIPT = fileURLToPath(new URL("../../../cli/enrichline.ts", import.meta.url));

let world: World;
beforeAll(async () => {
  world = await openWorld();
  // Slow enough that the poison is still there when good messages arrive.
  await world.upstream.begin({ latency_ms: 300 });
});
afterAll(async () => {
  await world.upstream.begin();
  world.deployed.close();
});

/** The command as an operator runs it. */
const cli = async (...args: readonly string[]): Promise<{ code: unknown; out: string; err: string }> => {
  const env = { ...process.env, ENRICHLINE_LOCAL_DIR: inject("stateDir") };
  const child = spawn(process.execPath, [SCRIPT, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, out, err };
};

describe("messages that cannot be read", () => {
  it.concurrent.each(["enrich", "enrich-express"] as const)(
    "on %s end as dead letters, and the catalog among them completes",
    async (name) => {
      const queue = world.deployed.queue(name);
      const series = name === "enrich" ? "POIB" : "POIX";
      const asins = asinSeries(series, 30);
      const poison = [
        `${series}: not JSON {`,
        JSON.stringify({ version: 2, note: `${series}: of another version` }),
        JSON.stringify({ version: 1, note: `${series}: nothing in it` }),
        `"${series}"`,
      ];
      for (const body of poison.slice(0, 2)) await world.deployed.send(queue.url, body);
      const catalogId = await world.demo.start(csvOf(asins), { batch_size: name === "enrich" ? "5" : "15" });
      for (const body of poison.slice(2)) await world.deployed.send(queue.url, body);

      const [batch] = await world.deployed.batches(catalogId);
      if (!batch) throw new Error("nothing was sent");
      // The wrong version alone makes it unreadable: the rest is that of a real one.
      const disguised = JSON.stringify({ ...batchMessageFor(batch), version: 2, generation: 7 });
      await world.deployed.send(queue.url, disguised);

      expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
        state: "completed",
        counts: { enriched: 30, failed: 0 },
      });
      const dead: string[] = [];
      await waitFor(
        "all unreadable messages among the dead letters",
        async () => {
          dead.push(...(await world.deployed.takeDead(name)).filter((body) => [...poison, disguised].includes(body)));
          return dead;
        },
        (bodies) => bodies.length >= 5,
        90,
      );
      expect(dead.toSorted()).toEqual([...poison, disguised].toSorted());
      await waitFor(
        "an empty queue",
        () => world.deployed.waiting(queue.url),
        (count) => count === 0,
        60,
      );
      expect(await world.demo.status(catalogId)).toMatchObject({ state: "completed", counts: { enriched: 30 } });
    },
  );
});

describe("an operator with dead letters", () => {
  it("lists them, shows one, previews and redrives; the run completes, and each message has its outcome", async () => {
    const queue = world.deployed.queue("enrich");
    const asins = asinSeries("POIR", 30);
    // The message of one batch is given up, as after five workers that died with it, which takes minutes; the others are not.
    const { catalogId, batch, settled } = await world.deployed.gathering("enrich-batch", ["enrich"], async () => {
      const id = await world.demo.start(csvOf(asins), { batch_size: "5" });
      const [first, ...others] = await world.deployed.batches(id);
      const [second] = others;
      if (!first || !second) throw new Error("nothing was sent");
      await world.deployed.empty(queue.url);
      await world.deployed.send(queue.dlqUrl, JSON.stringify(batchMessageFor(first)));
      for (const row of others) await world.deployed.send(queue.url, JSON.stringify(batchMessageFor(row)));
      return { catalogId: id, batch: first, settled: second };
    });
    await waitFor(
      "all other products to be done",
      () => world.demo.status(catalogId),
      ({ counts }) => counts.enriched === 25,
      60,
    );
    // One that has nothing left to do, as a late copy of a message has.
    await world.deployed.send(queue.dlqUrl, JSON.stringify(batchMessageFor(settled)));
    const filter = ["--queue", "enrich", "--filter", `catalog_id=${catalogId}`];
    type Listed = { items: { message_id: string; asins: string[]; error: { code: string } }[] };
    const list = await waitFor(
      "the dead letters",
      async (): Promise<Listed> => {
        await world.deployed.invoke("handle-dead-letters");
        return JSON.parse((await cli("dlq", "list", ...filter, "--json")).out);
      },
      ({ items }) => items.length === 2,
      60,
    );
    const [asin] = batch.items.map((item) => item.asin);
    const letter = list.items.find(({ asins: named }) => named.includes(asin ?? ""));
    const shown = await cli("dlq", "show", letter?.message_id ?? "");
    expect(shown.out).toContain(batch.batch_id);
    expect(shown.out).toContain(batch.items[4]?.asin);
    expect(shown.out).toMatch(/error +\w+: /);
    expect(shown.out).toMatch(/logs +aws logs tail/);

    const preview = await cli("dlq", "redrive", ...filter, "--dry-run");
    expect([preview.code, preview.out]).toEqual([0, expect.stringMatching(/^2 dead letters would be redriven\./)]);
    const refused = await cli("dlq", "redrive", ...filter);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("add --yes")]);
    const done = await cli("dlq", "redrive", ...filter, "--yes", "--json");
    const job = JSON.parse(done.out);
    expect([done.code, done.err]).toEqual([0, expect.any(String)]);
    const outcomes = new Map<string, string>(
      job.messages.map((one: { message_id: string; outcome: string }) => [one.message_id, one.outcome]),
    );
    expect([...outcomes.values()].sort()).toEqual(["done", "stale"]);
    expect(outcomes.get(letter?.message_id ?? "")).toBe("done");
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 30, failed: 0 },
    });
    const jobs = await cli("dlq", "jobs");
    expect(jobs.out).toContain(job.job_id);
    expect((await cli("dlq", "redrive", "--filter", "error_code=", "--yes")).code).toBe(2);
  });
});
