import * as z from "zod";

/** What a row of the table `access` is: ways in for programs, and counts of their calls. */
export type AccessKind = "key" | "keys" | "feed" | "calls";

/** Key of a row: its kind and its id, which is public. A secret is never part of a key. */
export const accessKey = (kind: AccessKind, id: string): string => `${kind}#${id}`;

/**
 * Key of the index `by-owner`: rows of one kind that belong to the same owner.
 * @param owner id of a user; of a catalog for its feeds
 */
export const ownerKey = (kind: AccessKind, owner: string): string => `${kind}#${owner}`;

/** What every row of the table has. Readers check what they need to hold by time themselves, because TTL deletes late. */
export const AccessRowSchema = z.object({
  access_key: z.string(),
  owner_key: z.string(),
  /** Orders the index; never changes. */
  created_at: z.iso.datetime(),
  /** Epoch seconds after which the table may forget the row; absent: it stays. */
  expires_at: z.number().int().optional(),
});

/** Place in a list of owned rows: where the next page of the index `by-owner` continues. */
export const OwnedPlaceSchema = z.object({ access_key: z.string(), created_at: z.string() });
export type OwnedPlace = z.infer<typeof OwnedPlaceSchema>;
