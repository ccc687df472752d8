import type * as z from "zod";
import type { SourceId } from "../../source-ids.ts";
import { CreatorsApiSecretSchema } from "./creators-api/secret.ts";
import { KeepaSecretSchema } from "./keepa/secret.ts";
import { PaapiSecretSchema } from "./paapi/secret.ts";
import { SpApiSecretSchema } from "./sp-api/secret.ts";

/** Shape of each source's secret. The sources that are not here need none. */
export const SECRET_SCHEMAS = {
  "creators-api": CreatorsApiSecretSchema,
  paapi: PaapiSecretSchema,
  "sp-api": SpApiSecretSchema,
  keepa: KeepaSecretSchema,
} as const satisfies Partial<Record<SourceId, z.ZodObject>>;

/** A source that needs credentials. */
export type SecretSource = keyof typeof SECRET_SCHEMAS;

/** The sources that need credentials, in the order in which a fresh stage asks them. */
export const SECRET_SOURCES: readonly SecretSource[] = ["creators-api", "paapi", "sp-api", "keepa"];
