/** Whose catalogs somebody may see: those of one owner; null: of everybody, which is for operators. */
export interface Reach {
  readonly ownerId: string | null;
}
