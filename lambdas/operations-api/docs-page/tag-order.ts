/** The order in which a new user needs the operations; other tags follow by name. */
const FIRST = ["Catalogs", "Runs", "Exports", "Products", "Refresh", "Licences", "Operations"];

const rank = (tag: string): number => (FIRST.includes(tag) ? FIRST.indexOf(tag) : FIRST.length);

/** Puts tags into the order of the page, each once. */
export const inPageOrder = (tags: readonly string[]): readonly string[] =>
  [...new Set(tags)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
