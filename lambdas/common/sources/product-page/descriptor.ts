import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../../core/products/merge.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifyProductPage } from "../../core/sources/known/product-page/failure-codes.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { probeSource } from "../checks/probe-source.ts";
import { CATALOG_FIELDS } from "../reading/field-groups.ts";
import { createProductPageClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** The public product page, off unless a stage acknowledges the conditions: its facts with its client. */
export const descriptor: SourceDescriptor<null> = {
  ...facts,
  fields: [...CATALOG_FIELDS, "description", ...OFFER_FIELDS, ...AVAILABILITY_FIELDS, ...RATING_FIELDS],
  accuracy: SOURCE_ACCURACY["product-page"],
  licence: SOURCE_LICENCES["product-page"],
  cacheTtl: 1800,
  classifyError: classifyProductPage,
  create: createProductPageClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "The shop answers requests for product pages."),
};
