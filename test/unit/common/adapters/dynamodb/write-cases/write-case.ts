import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** Rows by table. */
export type Seeds = Partial<
  Record<
    | "status"
    | "operations"
    | "access"
    | "webhooks"
    | "refresh-demand"
    | "live-connections"
    | "shop-products"
    | "assembly-staging"
    | "refresh-jobs"
    | "products"
    | "failures"
    | "limits"
    | "content-ends"
    | "marketplaces"
    | "product-history"
    | "dead-letters",
    readonly object[]
  >
>;
/** Rows that are there before, and a write to them. */
export interface WriteCase {
  readonly seeds?: Seeds;
  readonly write: (client: DynamoDBDocumentClient) => Promise<unknown>;
}

/** Writes by adapter file, at least as many as the file has commands that write. */
export type WriteCases = Readonly<Record<string, Readonly<Record<string, WriteCase>>>>;
