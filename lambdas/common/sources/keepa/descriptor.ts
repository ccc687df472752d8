import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../../core/products/merge.ts";
import type { ProductField } from "../../core/products/product.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifyKeepa } from "../../core/sources/known/keepa/failure-codes.ts";
import type { KeepaSecret } from "../../core/sources/known/keepa/secret.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { probeSource } from "../checks/probe-source.ts";
import { CATALOG_FIELDS } from "../reading/field-groups.ts";
import { createKeepaClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** Fields that every call gives. */
const FIELDS: readonly ProductField[] = [
  ...CATALOG_FIELDS,
  "description",
  ...OFFER_FIELDS,
  ...AVAILABILITY_FIELDS,
  "variants",
];

/** Keepa: its facts with its client. Ratings are among its fields only for a stage that asks for them. */
export const descriptor: SourceDescriptor<KeepaSecret> = {
  ...facts,
  fields: FIELDS,
  configure: (extras) => ({
    operations: facts.configure?.(extras).operations ?? facts.operations,
    fields: extras.rating ? [...FIELDS, ...RATING_FIELDS] : FIELDS,
  }),
  accuracy: SOURCE_ACCURACY.keepa,
  licence: SOURCE_LICENCES.keepa,
  cacheTtl: 1800,
  classifyError: classifyKeepa,
  create: createKeepaClient,
  probe: (client, marketplace) => probeSource(client, marketplace, explain, "Keepa accepts the key and answers."),
};
