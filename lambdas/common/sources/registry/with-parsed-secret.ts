import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/**
 * Fits facts about different secrets into one list: the source's own schema parses the secret at every use, so that no
 * code outside a source needs to know its form.
 * @param parse throws `ZodError` when the secret is not of the source's form
 */
export const withParsedSecret = <Secret>(
  facts: SourceFacts<Secret>,
  parse: (secret: unknown) => Secret,
): SourceFacts & Required<Pick<SourceFacts, "shops">> => ({
  ...facts,
  shops: (secret) => facts.shops?.(parse(secret)) ?? facts.marketplaces,
  account: (secret) => facts.account(parse(secret)),
});
