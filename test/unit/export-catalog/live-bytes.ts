import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** Bytes that are alive after a collection: the heap and the buffers beside it. */
export const liveBytes = (): number => {
  if (typeof collect !== "function") throw new Error("the garbage collector cannot be called");
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
