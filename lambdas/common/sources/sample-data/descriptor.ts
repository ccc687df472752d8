import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../../core/products/merge.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifySampleData } from "../../core/sources/known/sample-data/failure-codes.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { createSampleDataClient } from "./client.ts";
import { facts } from "./facts.ts";

/**
 * Invented products for trying things out, off unless a stage switches it on. Its accuracy is 0, so that it never
 * raises quality, and products that carry any of it are marked `simulated`.
 */
export const descriptor: SourceDescriptor<null> = {
  ...facts,
  fields: [
    "title",
    "description",
    "brand",
    "features",
    "categories",
    "image_url",
    "images",
    "detail_page_url",
    ...OFFER_FIELDS,
    ...AVAILABILITY_FIELDS,
    ...RATING_FIELDS,
  ],
  accuracy: SOURCE_ACCURACY["sample-data"],
  licence: SOURCE_LICENCES["sample-data"],
  cacheTtl: 1800,
  classifyError: classifySampleData,
  create: createSampleDataClient,
  probe: async () => ({
    ok: true,
    reason: "Sample data is always there; it is invented and marked so.",
    next_step: "",
  }),
};
