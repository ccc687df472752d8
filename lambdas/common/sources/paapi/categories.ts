import { textStart } from "../../core/page-text/text-start.ts";
import { chain } from "../reading/lenient-leaves.ts";
import { type BrowseNode, BrowseNodeSchema } from "./schema.ts";

/** Names of structural and internal nodes of Amazon's tree, which no shopper sees. */
const INTERNAL =
  /^(?:categories|departments|products|kategorien|produkte|catégories|categorías|categorie|subjects|styles|self service|special features stores)$|[0-9a-f]{8}-[0-9a-f]{4}-|\btest\b|arborist|merchandising|_\d{3}/i;

/** The names from a node up to its root, root first. */
const pathOf = (leaf: BrowseNode): string[] =>
  chain(leaf, BrowseNodeSchema, "Ancestor")
    .flatMap(({ DisplayName }) => (DisplayName && !INTERNAL.test(textStart(DisplayName)) ? [DisplayName] : []))
    .reverse();

/**
 * The category path of a product, root first: of its browse nodes the deepest one that has a sales rank, else the
 * deepest. Null when there is none.
 */
export const categoryPath = (nodes: readonly BrowseNode[] | null | undefined): string[] | null => {
  const ranked = (nodes ?? []).filter((node) => typeof node.SalesRank === "number");
  const paths = (ranked.length > 0 ? ranked : (nodes ?? [])).map(pathOf);
  const deepest = paths.reduce<string[]>((best, path) => (path.length > best.length ? path : best), []);
  return deepest.length > 0 ? deepest : null;
};
