import { classifySpApi } from "../../core/failure-codes/sp-api.ts";
import { OFFER_FIELDS } from "../../core/merge.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { SpApiSecret } from "../../core/source-secrets/sp-api.ts";
import { CATALOG_FIELDS } from "../field-groups.ts";
import { probeSource } from "../probe-source.ts";
import { createSpApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** SP-API: its facts with its client. */
export const descriptor: SourceDescriptor<SpApiSecret> = {
  ...facts,
  fields: [...CATALOG_FIELDS, "description", ...OFFER_FIELDS, "availability_type"],
  accuracy: SOURCE_ACCURACY["sp-api"],
  cache_ttl: 1800,
  classify_error: classifySpApi,
  create: createSpApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "SP-API accepts the credentials and answers."),
};
