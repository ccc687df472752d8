import * as z from "zod";

/**
 * Where functions write to WebSocket connections: an address, or a path of the endpoint that the environment names for
 * AWS, which an emulator knows only once it runs.
 */
export const ConnectionsAddressSchema = z.union([
  z.url({ protocol: /^https?$/ }),
  z.string().regex(/^\/[\w/.-]+$/, "must be an address or a path"),
]);
