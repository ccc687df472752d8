import * as z from "zod";
import { UploadAddressSchema } from "./upload-address.ts";

/** The address of a file that becomes a catalog, for clients that ask for no dry run. */
export const CatalogUploadAddressSchema = UploadAddressSchema.extend({ catalog_id: z.string() });
