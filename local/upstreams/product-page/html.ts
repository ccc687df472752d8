/** Text made safe for HTML, in content and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** JSON for a place inside a script or a hidden element: no `<`, so that nothing can end it early. */
export const safeJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
