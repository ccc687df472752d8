import type { SourceId } from "../../core/source-ids.ts";
import { CreatorsApiSecretSchema } from "../../core/sources/known/creators-api/secret.ts";
import { KeepaSecretSchema } from "../../core/sources/known/keepa/secret.ts";
import { PaapiSecretSchema } from "../../core/sources/known/paapi/secret.ts";
import { SpApiSecretSchema } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";
import { facts as creatorsApi } from "../creators-api/facts.ts";
import { facts as keepa } from "../keepa/facts.ts";
import { facts as paapi } from "../paapi/facts.ts";
import { facts as productPage } from "../product-page/facts.ts";
import { facts as sampleData } from "../sample-data/facts.ts";
import { facts as spApi } from "../sp-api/facts.ts";
import { withParsedSecret } from "./with-parsed-secret.ts";

/** For sources without credentials. */
const nothing = (): null => null;

/**
 * Facts of every source of this build, in the order in which a fresh stage asks them. For functions that never call an
 * upstream: unlike the registry it brings no clients into their bundles.
 */
export const SOURCE_FACTS: readonly SourceFacts[] = [
  withParsedSecret(creatorsApi, (secret) => CreatorsApiSecretSchema.parse(secret)),
  withParsedSecret(paapi, (secret) => PaapiSecretSchema.parse(secret)),
  withParsedSecret(spApi, (secret) => SpApiSecretSchema.parse(secret)),
  withParsedSecret(keepa, (secret) => KeepaSecretSchema.parse(secret)),
  withParsedSecret(productPage, nothing),
  withParsedSecret(sampleData, nothing),
];

/** The facts of a source, or undefined when this build does not have it. */
export const factsOf = (id: SourceId): SourceFacts | undefined => SOURCE_FACTS.find((facts) => facts.id === id);
