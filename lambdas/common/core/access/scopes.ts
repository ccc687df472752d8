import * as z from "zod";

/**
 * What a key may do. `read`: see everything that its owner sees, and look products up. `upload`: bring catalogs and products
 * in, and start, stop and remove what belongs to its owner. `operate`: what only operators may do, as long as its owner is one.
 * None includes another.
 */
export const ScopeSchema = z.enum(["read", "upload", "operate"]);
export type Scope = z.infer<typeof ScopeSchema>;

/** Who may call a route: a person, or also a key with this scope. */
export type RouteAccess = Scope | "person";
