import * as z from "zod";
import { ChangedOffersSchema } from "../products/changed-offers.ts";
import { NetworkSchema } from "./network.ts";

const asinList = z.array(z.string()).default([]);

/** How a simulator breaks down: an HTTP status for every call, silence until the client gives up, or a cut line. */
export const OutageSchema = z.union([
  z.boolean(),
  z.literal([500, 502, 503, 504]),
  z.literal("hang"),
  z.literal("reset"),
]);
export type Outage = z.infer<typeof OutageSchema>;

/**
 * Switches that every simulator has. A simulator adds its own by `.extend`. `calls_per_second` and
 * `calls_per_day` get their defaults from the simulator's options, because each upstream has other ones.
 */
export const baseBehaviour = {
  /** Milliseconds that every answer is held back. */
  latency_ms: z.number().min(0).max(600_000).default(0),
  /** Link to the caller: how much later than it was sent a request arrives, and how long a connection takes to open. */
  network: NetworkSchema.default("none"),
  /** Share of API calls that are answered 500, 0 to 1; drawn from the seed. */
  error_rate: z.number().min(0).max(1).default(0),
  /** True: every call, token calls too, is answered 503; or another way to be down. */
  outage: OutageSchema.default(false),
  /** Token calls only are down. */
  token_outage: OutageSchema.default(false),
  /** ASINs that are answered with an error of their own: `{"B0…": "ItemNotAccessible"}`. */
  fail_asins: z.record(z.string(), z.string().min(1)).default({}),
  /** ASINs with which the whole call is answered by this status: `{"B0…": 500}`. */
  fail_calls_with_asins: z.record(z.string(), z.number().int().min(400).max(599)).default({}),
  /** ASINs that the shop does not have. */
  not_found_asins: asinList,
  /** ASINs without any offer: neither price nor availability. */
  null_price_asins: asinList,
  /** What the shop offers from now on: `{"B0…": {"price_minor": 1799}}`, `{"B0…": {"availability": "UNAVAILABLE"}}`. */
  changed_offers: ChangedOffersSchema.default({}),
  /** Milliseconds by which the simulator's clock runs ahead: moves day windows and token ends. */
  clock_offset_ms: z
    .number()
    .min(0)
    .max(400 * 86_400_000)
    .default(0),
  /** Whether refused calls hold their place in the one-second window too, so that hammering never gets in. */
  refused_calls_count: z.boolean().default(false),
};

/** The present switches of one simulator, changed by `POST /behaviour`. */
export class BehaviourState<Shape extends z.ZodRawShape> {
  readonly #schema: z.ZodObject<Shape, z.core.$strict>;
  readonly #start: Record<string, unknown>;
  #now: z.infer<z.ZodObject<Shape, z.core.$strict>>;

  /** `start` are the values after a start and after a reset, where they differ from the schema's defaults. */
  constructor(shape: Shape, start: Record<string, unknown> = {}) {
    this.#schema = z.strictObject(shape);
    this.#start = start;
    this.#now = this.#schema.parse(start);
  }

  get now(): z.infer<z.ZodObject<Shape, z.core.$strict>> {
    return this.#now;
  }

  /**
   * Changes the named switches and leaves the others; null puts one back to its start.
   * @throws z.ZodError naming every unknown or wrong key; nothing is changed then.
   */
  change(wish: unknown): void {
    const wanted = z.record(z.string(), z.unknown()).parse(wish);
    const merged: Record<string, unknown> = { ...this.#now };
    for (const [key, value] of Object.entries(wanted)) {
      if (value === null && key in this.#schema.shape) {
        delete merged[key];
        if (key in this.#start) merged[key] = this.#start[key];
      } else merged[key] = value;
    }
    this.#now = this.#schema.parse(merged);
  }

  reset(): void {
    this.#now = this.#schema.parse(this.#start);
  }
}
