import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { QUICK_LIMITS, within } from "../aws/client-limits.ts";

/** The client of EventBridge; a file of its own, so that functions without events do not carry it. */
export const createEventsClient = (limits = QUICK_LIMITS): EventBridgeClient => new EventBridgeClient(within(limits));
