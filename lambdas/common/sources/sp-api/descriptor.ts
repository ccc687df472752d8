import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { OFFER_FIELDS } from "../../core/products/merge.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifySpApi } from "../../core/sources/known/sp-api/failure-codes.ts";
import type { SpApiSecret } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { probeSource } from "../checks/probe-source.ts";
import { CATALOG_FIELDS } from "../reading/field-groups.ts";
import { createSpApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** SP-API: its facts with its client. */
export const descriptor: SourceDescriptor<SpApiSecret> = {
  ...facts,
  fields: [...CATALOG_FIELDS, "description", ...OFFER_FIELDS, "availability_type"],
  accuracy: SOURCE_ACCURACY["sp-api"],
  licence: SOURCE_LICENCES["sp-api"],
  cacheTtl: 1800,
  classifyError: classifySpApi,
  create: createSpApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "SP-API accepts the credentials and answers."),
};
