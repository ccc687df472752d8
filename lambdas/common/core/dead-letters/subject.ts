import * as z from "zod";
import { BatchMessageSchema } from "../batches/batch-message.ts";
import { IngestBodySchema } from "../catalogs/ingest-message.ts";
import { ExportMessageSchema } from "../exports/export-message.ts";
import { parseJson } from "../parse-json.ts";
import { RefreshMessageSchema } from "../refresh/refresh-message.ts";
import { ShopEventSchema } from "../shop/shop-event.ts";
import { wellFormed } from "../text/well-formed.ts";
import { WebhookMessageSchema } from "../webhooks/webhook-message.ts";
import type { LetterQueue } from "./letter-queues.ts";

/** The row that decides whether something is left to do for a message; `none` where no row knows of it. */
export type Subject =
  | { readonly kind: "batch"; readonly catalog_id: string; readonly batch_id: string; readonly generation: number }
  | { readonly kind: "catalog"; readonly catalog_id: string }
  | { readonly kind: "export"; readonly export_id: string }
  | {
      readonly kind: "refresh";
      readonly refresh_date: string;
      readonly job_id: string;
      readonly generation: number;
    }
  | { readonly kind: "request"; readonly request_id: string; readonly retry_count: number }
  | {
      readonly kind: "half";
      readonly video_id: string;
      readonly seller_handle: string;
      readonly half: "caption" | "thumbnails";
    }
  | {
      readonly kind: "delivery";
      readonly webhook_id: string;
      readonly delivery_id: string;
      readonly attempts: number;
    }
  | { readonly kind: "none" };

const NONE: Subject = { kind: "none" };

const RequestedSchema = z.looseObject({
  request_id: z.string().min(1),
  retry_count: z.number().int().min(0).default(0),
});
/** Of a request: its data lies in an envelope, or is the detail itself. */
const RequestEventSchema = z.looseObject({
  detail: z.union([z.looseObject({ data: RequestedSchema }).transform(({ data }) => data), RequestedSchema]),
});

const batch = (body: unknown): Subject => {
  const { data } = BatchMessageSchema.safeParse(body);
  if (!data) return NONE;
  const { catalog_id, batch_id, generation } = data;
  return { kind: "batch", catalog_id, batch_id, generation };
};
const half = (body: unknown): Subject => {
  const { data } = ShopEventSchema.safeParse(body);
  return data ? { kind: "half", ...data.key, half: data.half } : NONE;
};
const none = (): Subject => NONE;

const READERS: Readonly<Record<LetterQueue, (body: unknown) => Subject>> = {
  enrich: batch,
  "enrich-express": batch,
  ingest: (body) => {
    const { data } = IngestBodySchema.safeParse(body);
    return data === undefined ? NONE : { kind: "catalog", catalog_id: data };
  },
  exports: (body) => {
    const { data } = ExportMessageSchema.safeParse(body);
    return data ? { kind: "export", export_id: data.export_id } : NONE;
  },
  requests: (body) => {
    const { data } = RequestEventSchema.safeParse(body);
    if (!data) return NONE;
    const { request_id, retry_count } = data.detail;
    return { kind: "request", request_id, retry_count };
  },
  refresh: (body) => {
    const { data } = RefreshMessageSchema.safeParse(body);
    if (!data) return NONE;
    const { refresh_date, job_id, generation } = data;
    return { kind: "refresh", refresh_date, job_id, generation };
  },
  webhooks: (body) => {
    const { data } = WebhookMessageSchema.safeParse(body);
    if (data?.kind !== "attempt") return NONE;
    const { webhook_id, delivery_id, attempts } = data;
    return { kind: "delivery", webhook_id, delivery_id, attempts };
  },
  "caption-parsed": half,
  "thumbnail-generated": half,
  reactions: none,
  events: none,
  "product-changes": none,
  outcomes: none,
  "webhook-changes": none,
  broadcasts: none,
  "product-notices": none,
};

/** The row that a message leads to, read as its consumer reads the message. */
export const subjectOf = (queue: LetterQueue, body: string): Subject => READERS[queue](wellFormed(parseJson(body)));

/** Queues of whose messages each that can be read leads to a row. */
const ALL_LEAD_TO_ROWS: ReadonlySet<LetterQueue> = new Set([
  ...(["enrich", "enrich-express", "ingest", "exports", "refresh"] as const),
  ...(["caption-parsed", "thumbnail-generated"] as const),
]);

/** Whether no consumer of ours can read the body; false also where nobody can say without the consumer. */
export const isUnreadable = (queue: LetterQueue, body: string): boolean =>
  ALL_LEAD_TO_ROWS.has(queue) && subjectOf(queue, body).kind === "none";
