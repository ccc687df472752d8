import * as z from "zod";
import { catalogOfEventKey } from "../catalogs/upload-object.ts";
import { parseJson } from "../parse-json.ts";
import type { Letter } from "./letter.ts";

/** Products that a letter names at most: as many as a batch has. */
const MAX_ASINS = 50;

/** The ids of any message of ours, wherever they lie in it. What is of another kind is passed over. */
const BodySchema = z.looseObject({
  catalog_id: z.string().optional().catch(undefined),
  tracking_id: z.string().optional().catch(undefined),
  batch_id: z.string().optional().catch(undefined),
  correlation_id: z.string().optional().catch(undefined),
  products: z
    .array(z.looseObject({ asin: z.string() }))
    .optional()
    .catch(undefined),
  asin: z.string().optional().catch(undefined),
  request_id: z.string().optional().catch(undefined),
  run: z.looseObject({ catalog_id: z.string(), tracking_id: z.string() }).optional().catch(undefined),
});
type Body = z.infer<typeof BodySchema>;

/** What EventBridge puts around a message. */
const WrappedSchema = z.looseObject({
  detail: z
    .looseObject({
      correlation_id: z.string().optional().catch(undefined),
      data: z.unknown().optional(),
      object: z
        .looseObject({ key: z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
/** Lambda puts one such cover around what a function was invoked with. */
const InvocationSchema = z.looseObject({ requestPayload: z.looseObject({}) });

/** What a letter is about, as far as its body says so. */
export type LetterFacts = Pick<Letter, "catalog_id" | "tracking_id" | "batch_id" | "correlation_id" | "asins">;

const NOTHING: LetterFacts = { catalog_id: null, tracking_id: null, batch_id: null, correlation_id: null, asins: [] };

const short = (value: string | undefined): string | null =>
  value === undefined ? null : value.slice(0, 200).toWellFormed();

const factsOf = ({ run, products, asin, ...ids }: Body, further: Partial<Body>): LetterFacts => ({
  catalog_id: short(ids.catalog_id ?? run?.catalog_id ?? further.catalog_id),
  tracking_id: short(ids.tracking_id ?? run?.tracking_id),
  batch_id: short(ids.batch_id),
  correlation_id: short(ids.correlation_id ?? further.correlation_id ?? ids.request_id),
  asins: (products?.map((product) => product.asin) ?? (asin === undefined ? [] : [asin]))
    .slice(0, MAX_ASINS)
    .map((one) => one.slice(0, 20).toWellFormed()),
});

/** Reads the ids of a body. It is foreign text: whatever it is, the answer has the shape of a row. */
export const letterFacts = (body: string): LetterFacts => {
  const json = parseJson(body);
  const invocation = InvocationSchema.safeParse(json);
  return factsOfMessage(invocation.success ? invocation.data.requestPayload : json);
};

const factsOfMessage = (json: unknown): LetterFacts => {
  const wrapped = WrappedSchema.safeParse(json);
  if (!wrapped.success) return NOTHING;
  const { detail } = wrapped.data;
  const inner = detail === undefined ? json : (detail.data ?? detail);
  const parsed = BodySchema.safeParse(inner);
  const key = detail?.object?.key;
  const catalog_id = key === undefined ? undefined : catalogOfEventKey(key);
  const further = { catalog_id, correlation_id: detail?.correlation_id };
  return factsOf(parsed.success ? parsed.data : {}, further);
};
