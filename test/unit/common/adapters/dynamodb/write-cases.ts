import { ACCESS_WRITES } from "./write-cases/access-writes.ts";
import { CONTENT_WRITES } from "./write-cases/content-writes.ts";
import { LETTER_WRITES } from "./write-cases/letter-writes.ts";
import { LIMIT_WRITES } from "./write-cases/limit-writes.ts";
import { LIVE_WRITES } from "./write-cases/live-writes.ts";
import { OPERATION_WRITES } from "./write-cases/operation-writes.ts";
import { REFRESH_WRITES } from "./write-cases/refresh-writes.ts";
import { SHOP_WRITES } from "./write-cases/shop-writes.ts";
import { STATUS_WRITES } from "./write-cases/status-writes.ts";
import { WEBHOOK_WRITES } from "./write-cases/webhook-writes.ts";
import type { WriteCases } from "./write-cases/write-case.ts";

/** The writes of all adapters, by file. */
export const WRITE_CASES: WriteCases = {
  ...STATUS_WRITES,
  ...OPERATION_WRITES,
  ...CONTENT_WRITES,
  ...LIMIT_WRITES,
  ...REFRESH_WRITES,
  ...SHOP_WRITES,
  ...LIVE_WRITES,
  ...ACCESS_WRITES,
  ...WEBHOOK_WRITES,
  ...LETTER_WRITES,
};
