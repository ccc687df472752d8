import * as z from "zod";
import { CatalogIdSchema } from "./catalog-id.ts";
import { catalogOfUpload } from "./upload-object.ts";

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

const BodySchema = z.union([
  IngestMessageSchema.transform(({ catalog_id }) => catalog_id),
  ObjectCreatedSchema.transform(({ detail }, context) => {
    const id = catalogOfUpload(decodeURIComponent(detail.object.key));
    if (id !== undefined) return id;
    context.addIssue({ code: "custom", message: `the key ${detail.object.key.slice(0, 100)} names no catalog` });
    return z.NEVER;
  }),
]);

/** The catalog that a message of the `ingest` queue names. Undefined when it names none or is unreadable. */
export const catalogOfMessage = (body: string): string | undefined => {
  try {
    const parsed = BodySchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Neither JSON nor a decodable key: unreadable, which the caller reports.
    return undefined;
  }
};
