import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../../core/products/merge.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifyPaapi } from "../../core/sources/known/paapi/failure-codes.ts";
import type { PaapiSecret } from "../../core/sources/known/paapi/secret.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { probeSource } from "../checks/probe-source.ts";
import { CATALOG_FIELDS } from "../reading/field-groups.ts";
import { createPaapiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** PA-API 5.0, retired and off unless a stage switches it on: its facts with its client. */
export const descriptor: SourceDescriptor<PaapiSecret> = {
  ...facts,
  fields: [...CATALOG_FIELDS, ...OFFER_FIELDS, ...AVAILABILITY_FIELDS, ...RATING_FIELDS, "variants"],
  accuracy: SOURCE_ACCURACY.paapi,
  licence: SOURCE_LICENCES.paapi,
  cacheTtl: 3600,
  classifyError: classifyPaapi,
  create: createPaapiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "PA-API accepts the key and the partner tag."),
};
