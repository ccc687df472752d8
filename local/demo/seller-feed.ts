import { type NewProduct, NewProductSchema } from "../../lambdas/common/core/live/new-product.ts";
import { LocalError } from "../local-error.ts";

/** Longest wait for a connection and its subscription, milliseconds. */
const SUBSCRIBE_MS = 15_000;

/** An open subscription to a seller's products. */
export interface SellerFeed {
  /** What was pushed since the last call, in order. */
  take(): NewProduct["product"][];
  close(): void;
}

/**
 * Subscribes to the products of a seller, as a shop page does.
 * @throws LocalError when there is no subscription after 15 s
 */
export const openSellerFeed = async (url: string, seller: string, signal: AbortSignal): Promise<SellerFeed> => {
  let pushed: NewProduct["product"][] = [];
  const socket = new WebSocket(url);
  const close = (): void => socket.close();
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => () => reject(new LocalError(`${url}: ${why}`));
      const limit = AbortSignal.any([signal, AbortSignal.timeout(SUBSCRIBE_MS)]);
      limit.addEventListener("abort", fail("no subscription in time"), { once: true });
      socket.addEventListener("error", fail("the connection failed"));
      socket.addEventListener("open", () =>
        socket.send(JSON.stringify({ action: "subscribe_to_seller", seller_handle: seller })),
      );
      socket.addEventListener("message", ({ data }) => {
        const message: unknown = JSON.parse(String(data));
        const product = NewProductSchema.safeParse(message);
        if (product.success) pushed.push(product.data.product);
        else if ((message as { type?: unknown }).type === "subscribed") resolve();
      });
    });
  } catch (error) {
    close();
    throw error;
  }
  return {
    take: () => {
      const taken = pushed;
      pushed = [];
      return taken;
    },
    close,
  };
};
