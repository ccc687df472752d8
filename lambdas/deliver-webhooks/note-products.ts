import * as z from "zod";
import { msUntilClosed, windowOf } from "../common/core/webhooks/product-window.ts";
import type { Deps } from "./deps.ts";

const EventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        Keys: z.object({ product_key: z.object({ S: z.string().min(1) }) }),
        /** Epoch seconds. The same each time that the record is handed over. */
        ApproximateCreationDateTime: z.number().optional(),
      }),
    }),
  ),
});

/** Windows that close while products are added to them, one after the other. */
const MAX_WINDOWS = 3;

/**
 * Notes which products were written, in windows by the time of the write. A product whose window was closed without it goes to the
 * window of now. Keys only: the stream has nothing else.
 * @throws TransientError when something could not be noted; the same records then come again, and find their windows
 */
export const noteProducts = async (
  deps: Pick<Deps, "endpoints" | "windows" | "queue" | "clock">,
  event: unknown,
): Promise<void> => {
  const { Records } = EventSchema.parse(event);
  if ((await deps.endpoints.subscribers()).length === 0) return;
  const windows = new Map<string, Set<string>>();
  for (const { dynamodb } of Records) {
    const writtenMs = (dynamodb.ApproximateCreationDateTime ?? deps.clock.now() / 1_000) * 1_000;
    const window = windowOf(writtenMs);
    const keys = windows.get(window) ?? new Set();
    windows.set(window, keys.add(dynamodb.Keys.product_key.S));
  }
  for (const [window, keys] of windows) await note(deps, window, [...keys]);
};

const note = async (
  { windows, queue, clock }: Pick<Deps, "windows" | "queue" | "clock">,
  writtenIn: string,
  productKeys: readonly string[],
): Promise<void> => {
  let left = productKeys;
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === MAX_WINDOWS)
      throw new Error(`windows of products are closed as soon as they open, ${writtenIn} first`);
    const nowMs = clock.now();
    const window = tries === 0 ? writtenIn : windowOf(nowMs);
    left = await windows.add(window, left, nowMs);
    // Also for a window that was closed: its message may have been lost.
    const delaySeconds = Math.ceil(msUntilClosed(window, nowMs) / 1_000);
    await queue.send([{ message: { version: 1, kind: "products", window }, delaySeconds }]);
  }
};
