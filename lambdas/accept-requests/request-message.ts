import * as z from "zod";
import { EVENT_NAMES, EVENT_VERSION } from "../common/core/contract/events/event-names.ts";
import {
  type EnrichmentRequest,
  EnrichmentRequestSchema,
} from "../common/core/contract/events/product-enrichment-requested.ts";
import { productKey } from "../common/core/products/product-key.ts";

/** What EventBridge puts on the queue. A body of another shape is no event of ours and goes to the dead-letter queue. */
export const RequestMessageSchema = z.object({
  /** EventBridge's own id; the same for every delivery. */
  id: z.string().min(1).max(128),
  "detail-type": z.literal(EVENT_NAMES.REQUESTED),
  detail: z.unknown(),
});
export type RequestMessage = z.infer<typeof RequestMessageSchema>;

/** The envelope, as far as it says how to read `data`. A detail without `data` is the data itself. */
const EnvelopeSchema = z.object({
  version: z.literal(EVENT_VERSION, `must be ${EVENT_VERSION}`).optional(),
  correlation_id: z
    .string()
    .min(1)
    .max(128)
    .refine((id) => id.isWellFormed(), "must not hold half of a character")
    .optional(),
  data: z.unknown(),
});

/** A request that can be worked on. */
export interface ReadableRequest extends EnrichmentRequest {
  readonly product_key: string;
  readonly correlation_id: string;
}

/** What a refused request gave, as far as it can be named; shortened. Without an id it cannot be answered. */
export type Given = Pick<EnrichmentRequest, "asin" | "region" | "retry_count"> &
  Partial<Pick<EnrichmentRequest, "request_id">>;

/** A request, or why it is refused. */
export type ReadRequest =
  | { readonly kind: "readable"; readonly request: ReadableRequest }
  | { readonly kind: "refused"; readonly reason: string; readonly given: Given };

const SHOWN_CHARACTERS = 128;
const shown = (value: unknown): string =>
  (typeof value === "string" ? value : "").slice(0, SHOWN_CHARACTERS).toWellFormed();

/** What an event gave of its request, right or not. */
const givenOf = (data: unknown): Given => {
  const { asin, region, request_id, retry_count } = z.looseObject({}).catch({}).parse(data) as Readonly<
    Record<string, unknown>
  >;
  const { shape } = EnrichmentRequestSchema;
  const id = shape.request_id.safeParse(request_id);
  return {
    ...{ asin: shown(asin), region: shown(region) },
    ...(id.success ? { request_id: id.data } : {}),
    retry_count: shape.retry_count.safeParse(retry_count).data ?? 0,
  };
};

const isEnvelope = (detail: unknown): boolean => typeof detail === "object" && detail !== null && "data" in detail;

const reasonOf = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join(".") || "detail"}: ${message}`).join("; ");

/** Reads a request; its reason, when it is refused, names each field and what is wrong with it. */
export const readRequest = ({ detail }: Pick<RequestMessage, "detail">): ReadRequest => {
  const envelope = EnvelopeSchema.safeParse(isEnvelope(detail) ? detail : { data: detail });
  if (!envelope.success) {
    const { data } = detail as { readonly data: unknown };
    return { kind: "refused", reason: reasonOf(envelope.error), given: givenOf(data) };
  }
  const { data, correlation_id } = envelope.data;
  const parsed = EnrichmentRequestSchema.safeParse(data);
  if (!parsed.success) return { kind: "refused", reason: reasonOf(parsed.error), given: givenOf(data) };
  const request = parsed.data;
  return {
    kind: "readable",
    request: {
      ...request,
      product_key: productKey(request.region, request.asin),
      correlation_id: correlation_id ?? request.request_id,
    },
  };
};
