import * as z from "zod";
import { jsonText } from "../text/json-text.ts";
import { addressBytes } from "./addresses/address-bytes.ts";

/** IP addresses that webhooks are sent to although they are not public: for receivers on the machine of stage local. */
export const AllowedAddressesSchema = z.array(
  z.string().refine((text) => addressBytes(text) !== undefined, "must be an IP address, such as 127.0.0.1"),
);

/** The same as JSON text, as functions have it in their environment. */
export const AllowedAddressesJsonSchema = jsonText(AllowedAddressesSchema);
