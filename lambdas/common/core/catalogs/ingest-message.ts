import * as z from "zod";
import { CatalogIdSchema } from "./catalog-id.ts";
import { catalogOfEventKey } from "./upload-object.ts";

/** Message of the `ingest` queue when `reconcile` sends it. */
export const IngestMessageSchema = z.object({ version: z.literal(1), catalog_id: CatalogIdSchema });
export type IngestMessage = z.infer<typeof IngestMessageSchema>;

/**
 * What EventBridge puts on the `ingest` queue when an object was made.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
const ObjectCreatedSchema = z.object({
  "detail-type": z.literal("Object Created"),
  detail: z.object({ object: z.object({ key: z.string() }) }),
});

/** Body of a message of the `ingest` queue, from `reconcile` or from the bucket. Gives the id of the catalog it names. */
export const IngestBodySchema = z.union([
  IngestMessageSchema.transform(({ catalog_id }) => catalog_id),
  ObjectCreatedSchema.transform(({ detail }, context) => {
    const id = catalogOfEventKey(detail.object.key);
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: "the key of the object names no catalog" });
    return z.NEVER;
  }),
]);
