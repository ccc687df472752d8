import type { BatchMessage } from "../../../lambdas/common/core/batches/batch-message.ts";
import { BatchMessageSchema } from "../../../lambdas/common/core/batches/batch-message.ts";
import { parseJson } from "../../../lambdas/common/core/parse-json.ts";
import type { Deployed } from "../e2e/deployed.ts";
import { isPoison } from "./poison.ts";

const QUEUES = ["enrich", "enrich-express"] as const;

/**
 * What the queues of batches gave up. The row of such a batch comes back 20 minutes after its message was due, which here is
 * as soon as `letTimePass` finds it: a batch of which no message is anywhere else is left alone, and must be found.
 */
export class DeadLetters {
  /** Bodies of the messages of each queue, as they came. */
  readonly bodies: Record<(typeof QUEUES)[number], string[]> = { enrich: [], "enrich-express": [] };
  readonly #deployed: Deployed;
  readonly #waiting = new Map<string, BatchMessage>();

  constructor(deployed: Deployed) {
    this.#deployed = deployed;
  }

  /** Messages that lead to a batch, the poison left out. */
  get good(): BatchMessage[] {
    return QUEUES.flatMap((queue) => this.bodies[queue]).flatMap((body) => {
      const message = BatchMessageSchema.safeParse(isPoison(body) ? undefined : parseJson(body));
      return message.success ? [message.data] : [];
    });
  }

  /** Takes what is dead, and lets those 20 minutes pass for the batches of their good messages. */
  async letTimePass(): Promise<void> {
    for (const queue of QUEUES) await this.#take(queue);
    let due = 0;
    for (const message of this.#waiting.values()) {
      const outcome = await this.#deployed.becomeOverdue(message);
      if (outcome !== "leased") this.#waiting.delete(message.batch_id);
      if (outcome === "due") due += 1;
    }
    if (due > 0) console.log(`storm: ${due} batches whose message was given up are overdue now`);
  }

  /** A pass that meets a fault leaves the rest where it is: the next one takes it. */
  async #collected(queue: (typeof QUEUES)[number]): Promise<string[]> {
    try {
      return await this.#deployed.takeDead(queue);
    } catch (error) {
      console.log(`storm: dead letters were not collected: ${String(error)}`);
      return [];
    }
  }

  async #take(queue: (typeof QUEUES)[number]): Promise<void> {
    const before = this.good.length;
    this.bodies[queue].push(...(await this.#collected(queue)));
    for (const message of this.good.slice(before)) this.#waiting.set(message.batch_id, message);
  }
}
