import type { SourceId } from "../../core/source-ids.ts";
import { CreatorsApiSecretSchema } from "../../core/sources/known/creators-api/secret.ts";
import { KeepaSecretSchema } from "../../core/sources/known/keepa/secret.ts";
import { PaapiSecretSchema } from "../../core/sources/known/paapi/secret.ts";
import { SpApiSecretSchema } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceContext } from "../../core/sources/source-client.ts";
import type { SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { descriptor as creatorsApi } from "../creators-api/descriptor.ts";
import { descriptor as keepa } from "../keepa/descriptor.ts";
import { descriptor as paapi } from "../paapi/descriptor.ts";
import { descriptor as productPage } from "../product-page/descriptor.ts";
import { descriptor as sampleData } from "../sample-data/descriptor.ts";
import { descriptor as spApi } from "../sp-api/descriptor.ts";
import { withParsedSecret } from "./with-parsed-secret.ts";

/** Fits a descriptor into the list of all sources, as `withParsedSecret` fits facts. */
const register = <Secret>(
  descriptor: SourceDescriptor<Secret>,
  parse: (secret: unknown) => Secret,
): SourceDescriptor => ({
  ...descriptor,
  ...withParsedSecret(descriptor, parse),
  create: (context: SourceContext<unknown>) => descriptor.create({ ...context, secret: parse(context.secret) }),
});

/** For sources without credentials. */
const nothing = (): null => null;

/**
 * Every source of this build, in the order in which a fresh stage asks them. A new source is one line here and one in
 * `known-facts.ts`. This list imports every client; code that needs only facts imports that file.
 */
export const SOURCES: readonly SourceDescriptor[] = [
  register(creatorsApi, (secret) => CreatorsApiSecretSchema.parse(secret)),
  register(paapi, (secret) => PaapiSecretSchema.parse(secret)),
  register(spApi, (secret) => SpApiSecretSchema.parse(secret)),
  register(keepa, (secret) => KeepaSecretSchema.parse(secret)),
  register(productPage, nothing),
  register(sampleData, nothing),
];

/** The descriptor of a source, or undefined when this build does not have it. */
export const describeSource = (id: SourceId): SourceDescriptor | undefined =>
  SOURCES.find((descriptor) => descriptor.id === id);
