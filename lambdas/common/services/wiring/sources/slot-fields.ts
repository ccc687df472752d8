import type { Slot } from "../../../core/limiter/rate-limiter.ts";
import type { SlotEnd } from "../../../core/limiter/slot-end.ts";

/** Fields of the log line on a slot's end, by which a late arrival can be traced to the slot that it was meant for. */
export const slotFields = (slot: Slot, end: SlotEnd) => {
  const { limitKey: limit_key, sequence, epoch, atMs: slot_ms, grantedAtMs: granted_ms, guardMs: guard_ms } = slot;
  const fields = { limit_key, epoch, sequence, slot_ms, granted_ms, guard_ms };
  if (end.kind === "given back") return { ...fields, end: end.why };
  const { outcome } = end;
  const timing =
    outcome.kind === "success" ? { late_ms: outcome.latenessMs, round_trip_ms: outcome.roundTripMs ?? null } : {};
  return { ...fields, end: outcome.kind, ...timing };
};
