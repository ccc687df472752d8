/** Key of a row of the `webhooks` table. */
export interface WebhookKey {
  readonly webhook_key: string;
  readonly entry_key: string;
}

/** All endpoints of a user, in one row: they are few, and an index would show a new one late. */
export const endpointsKey = (userId: string): WebhookKey => ({ webhook_key: `user#${userId}`, entry_key: "endpoints" });

/** The users who have an endpoint that wants products. */
export const SUBSCRIBERS_KEY: WebhookKey = { webhook_key: "subscribers", entry_key: "product.updated" };

/** Partition of the deliveries of an endpoint; their ids are the sort keys. */
export const deliveriesOf = (webhookId: string): string => `endpoint#${webhookId}`;

/** When an endpoint was sent something of a kind last. */
export const turnKey = (webhookId: string, kind: string): WebhookKey => ({
  webhook_key: `turn#${webhookId}`,
  entry_key: kind,
});

/** Products that were written within a time. */
export const windowKey = (window: string): WebhookKey => ({ webhook_key: `products#${window}`, entry_key: "keys" });

/** A group of failures of a run. */
export const groupKey = (trackingId: string, errorCode: string): WebhookKey => ({
  webhook_key: `failures#${trackingId}`,
  entry_key: errorCode,
});
