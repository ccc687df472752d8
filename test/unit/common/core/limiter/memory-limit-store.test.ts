import { describeLimitStore } from "./limit-store-contract.ts";
import { MemoryLimitStore } from "./memory-limit-store.ts";

const store = new MemoryLimitStore();

describeLimitStore("the store in memory that the properties run on", () => store);
