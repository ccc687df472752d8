/**
 * What every answer says to browsers: come by TLS only, take the content for what it is called, show nothing of it in a frame,
 * load nothing for it, and tell no other site where a person came from. A route whose page needs more says so itself.
 * Source: OWASP's secure headers for REST APIs, read on 2026-11-30.
 */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  // No browser and nothing on the way may keep content. A route whose answers may be kept says so itself.
  "cache-control": "no-store",
};

/** Adds to an answer what it does not say of itself. */
export const addSecurityHeaders = (headers: Headers): void => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!headers.has(name)) headers.set(name, value);
};
