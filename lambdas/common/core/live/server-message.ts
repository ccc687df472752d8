import type { CatalogProgress } from "./catalog-progress.ts";
import type { NewProduct } from "./new-product.ts";

/** What a client is sent. */
export type ServerMessage =
  /** The answer to the first message of a connection. */
  | { readonly type: "connected"; readonly connection_id: string; readonly expires_at: string }
  | { readonly type: "subscribed"; readonly catalog_id: string }
  | { readonly type: "subscribed" | "unsubscribed"; readonly seller_handle: string }
  | CatalogProgress
  | NewProduct
  | { readonly type: "pong"; readonly timestamp: string }
  | { readonly type: "error"; readonly code: string; readonly message: string };
