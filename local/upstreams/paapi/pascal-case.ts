const SPECIAL: Readonly<Record<string, string>> = {
  asin: "ASIN",
  url: "URL",
  eans: "EANs",
  upcs: "UPCs",
  isbns: "ISBNs",
};

/** Writes a body of the Creators API's form in PA-API's: every key in PascalCase, a few in capitals. */
export const pascalCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(pascalCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      SPECIAL[key] ?? key.charAt(0).toUpperCase() + key.slice(1),
      pascalCase(inner),
    ]),
  );
};
