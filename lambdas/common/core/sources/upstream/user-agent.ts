/** Version of the product, as package.json has it; a test compares them. */
export const VERSION = "0.1.0";

/**
 * How every request to an upstream names us. Amazon's rules ask automated agents to name themselves; the SP-API asks for the
 * language too.
 * @param contact of the operator of the stage: an e-mail address or a page; absent: nobody is named
 */
export const userAgentOf = (contact: string | undefined): string =>
  `Enrichline/${VERSION}${contact === undefined ? "" : ` (+${contact})`} (Language=TypeScript)`;
