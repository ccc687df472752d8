import { classifyCreatorsApi } from "../../core/failure-codes/creators-api.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS } from "../../core/merge.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { CreatorsApiSecret } from "../../core/source-secrets/creators-api.ts";
import { CATALOG_FIELDS, RATING_FIELDS } from "../field-groups.ts";
import { probeSource } from "../probe-source.ts";
import { createCreatorsApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** Amazon's Creators API, the first source: its facts with its client. */
export const descriptor: SourceDescriptor<CreatorsApiSecret> = {
  ...facts,
  fields: [...CATALOG_FIELDS, ...OFFER_FIELDS, ...AVAILABILITY_FIELDS, ...RATING_FIELDS, "variants"],
  accuracy: SOURCE_ACCURACY["creators-api"],
  cache_ttl: 3600,
  classify_error: classifyCreatorsApi,
  create: createCreatorsApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "The Creators API accepts the credentials and answers."),
};
