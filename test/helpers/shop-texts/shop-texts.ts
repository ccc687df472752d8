/** What one shop prints, by what it means; `gone` is out of stock or unavailable. */
export interface ShopTexts {
  /** Languages the shop shows to people who do not choose. */
  readonly language: string;
  readonly in_stock: readonly string[];
  readonly low_stock: readonly string[];
  readonly gone: readonly string[];
  readonly preorder: readonly string[];
  readonly backorder: readonly string[];
}
