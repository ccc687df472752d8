import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { BatchQueue } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import { batchMessageFor } from "../../../lambdas/common/core/batches/message-for-row.ts";
import { CATALOG_KEY } from "../../../lambdas/common/core/catalogs/catalog-key.ts";
import type { Act } from "./acts.ts";
import type { StormWorld } from "./storm-world.ts";

const CATALOG = "cat_poison";
const BATCH = "enrich_cat_poison_1#0000001";
/** With the poison among them they are what a consumer takes at a time. */
const GOOD_ONES = 9;
const GENERATION = 2;

const statusTable = ({ stack }: StormWorld): string | undefined => stack.outputs.tables["enrichment-status"];

/** Whether a message's body is the one that leads to the poison. */
export const isPoison = (body: string): boolean => body.includes(CATALOG);

/** A row that no version of the product could have written, and a message that leads to it, among good ones. */
export const poison: Act = {
  name: "a poison message",
  play: async (world, draws) => {
    const { accepted, deployed, documents, sqs } = world;
    const rows = (await Promise.all(accepted.slice(0, 3).map(({ catalog_id }) => deployed.batches(catalog_id)))).flat();
    const [victim] = rows;
    if (!victim) throw new Error("nothing was accepted yet");
    // Rows without a catalog are swept away.
    await documents.send(
      new PutCommand({ TableName: statusTable(world), Item: { catalog_id: CATALOG, batch_id: CATALOG_KEY } }),
    );
    const due_at = new Date(Date.now() - 60_000).toISOString();
    await documents.send(
      new PutCommand({
        TableName: statusTable(world),
        Item: {
          ...victim,
          ...{ catalog_id: CATALOG, batch_id: BATCH, items: "poison" },
          ...{ state: "queued", generation: GENERATION - 1, lease_owner: undefined, lease_until: undefined },
          ...{ due_shard: "0", due_at },
        },
      }),
    );
    const leading = { ...batchMessageFor(victim), catalog_id: CATALOG, batch_id: BATCH, generation: GENERATION };
    const open = rows.filter(({ items }) => items.some(({ state }) => state === "pending"));
    const good = draws.shuffled(open.length < GOOD_ONES ? rows : open).slice(0, GOOD_ONES);
    const messages = draws.shuffled([leading, ...good.map(batchMessageFor)]);
    await new BatchQueue(sqs).send(
      deployed.queue("enrich").url,
      messages.map((message) => ({ message, delaySeconds: 0 })),
    );
  },
};

/** How far the poison came, seen by the row that a worker took and by what the functions wrote. */
export const poisonMet = async (world: StormWorld) => {
  const { Item } = await world.documents.send(
    new GetCommand({
      TableName: statusTable(world),
      Key: { catalog_id: CATALOG, batch_id: BATCH },
      ConsistentRead: true,
    }),
  );
  return {
    /** Whether a worker took the row at the message's word. */
    taken: Item?.generation === GENERATION && typeof Item.lease_owner === "string",
    /** Deliveries at which a worker could not read it. */
    refusals: world.log.said("record failed, it comes back", { batch_id: BATCH }),
    /** Times that `reconcile` could not read it. */
    passed_over: world.log.said("overdue batch cannot be handled", { batch_id: BATCH }),
  };
};

/**
 * One pass of the housekeeping, started by `pass`. A pass says that it failed when it met the poison, after it did all
 * the rest.
 * @throws whatever else goes wrong, more than one failed part included
 */
export const despitePoison = async (pass: () => Promise<void>): Promise<void> => {
  try {
    await pass();
  } catch (error) {
    if (!(error instanceof Error && /^reconcile failed: .*"1 parts of this pass failed/.test(error.message)))
      throw error;
  }
};
