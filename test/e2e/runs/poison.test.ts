import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

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

describe("messages that cannot be read", () => {
  it.concurrent.each(["enrich", "enrich-express"] as const)(
    "on %s end in its dead-letter queue, and the catalog among them completes",
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
        "all unreadable messages in the dead-letter queue",
        async () => {
          dead.push(...(await world.deployed.take(queue.dlqUrl)));
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
