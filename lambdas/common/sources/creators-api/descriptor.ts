import { SOURCE_LICENCES } from "../../core/licences/source-licences.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS, RATING_FIELDS } from "../../core/products/merge.ts";
import { SOURCE_ACCURACY } from "../../core/products/quality/quality.ts";
import { classifyCreatorsApi } from "../../core/sources/known/creators-api/failure-codes.ts";
import type { CreatorsApiSecret } from "../../core/sources/known/creators-api/secret.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { probeSource } from "../checks/probe-source.ts";
import { CATALOG_FIELDS } from "../reading/field-groups.ts";
import { createCreatorsApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** Amazon's Creators API, the first source: its facts with its client. */
export const descriptor: SourceDescriptor<CreatorsApiSecret> = {
  ...facts,
  fields: [...CATALOG_FIELDS, ...OFFER_FIELDS, ...AVAILABILITY_FIELDS, ...RATING_FIELDS, "variants"],
  accuracy: SOURCE_ACCURACY["creators-api"],
  licence: SOURCE_LICENCES["creators-api"],
  cacheTtl: 3600,
  classifyError: classifyCreatorsApi,
  create: createCreatorsApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "The Creators API accepts the credentials and answers."),
};
