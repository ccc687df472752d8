import type { SourceFacts } from "../core/sources/source-descriptor.ts";

/**
 * Makes facts about different secrets fit into one list: the secret is parsed by the source's own schema wherever it is
 * handed in, so nobody outside a source needs to know its form.
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
