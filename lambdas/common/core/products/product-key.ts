/**
 * Key of a product in the `products` table: the same ASIN in two shops is two products.
 * @returns `<marketplace>#<asin>`, such as `www.amazon.com#B07CXG6C9W`
 */
export const productKey = (marketplace: string, asin: string): string => `${marketplace}#${asin}`;
