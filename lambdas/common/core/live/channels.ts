/** What a connection may listen to: `catalog#<id>` of its owner, or `seller#<handle>` of anybody. */
export type Channel = `catalog#${string}` | `seller#${string}`;

/** The channel of a catalog's progress. */
export const catalogChannel = (catalogId: string): Channel => `catalog#${catalogId}`;

/** The channel of a seller's products. */
export const sellerChannel = (sellerHandle: string): Channel => `seller#${sellerHandle}`;

/** The seller of a channel; undefined for a catalog's. */
export const sellerOf = (channel: string): string | undefined =>
  channel.startsWith("seller#") ? channel.slice("seller#".length) : undefined;

/** Whether a text is a channel, as keys of other kinds are not. */
export const isChannel = (text: string): text is Channel => text.startsWith("catalog#") || text.startsWith("seller#");
