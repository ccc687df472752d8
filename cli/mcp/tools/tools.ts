import type { McpTool } from "../tool.ts";
import { doctor } from "./doctor.ts";
import { exportCatalog } from "./export.ts";
import { failures } from "./failures.ts";
import { list } from "./list.ts";
import { preview } from "./preview.ts";
import { products } from "./products.ts";
import { quota } from "./quota.ts";
import { retry } from "./retry.ts";
import { status } from "./status.ts";
import { upload } from "./upload.ts";

/** Tools about operations: none of them answers product content. */
const OPERATIONS: readonly McpTool[] = [
  ...[list, status, preview, upload, failures, retry],
  ...[quota, doctor, exportCatalog],
];

/** The tools of a server. @param withContent also the one that answers product content */
export const toolsOf = (withContent: boolean): readonly McpTool[] =>
  withContent ? [...OPERATIONS, products] : OPERATIONS;
