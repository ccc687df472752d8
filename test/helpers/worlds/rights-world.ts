import { ProductHistory } from "../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { type Change, NOTHING_RECORDED } from "../../../lambdas/common/core/history/change.ts";
import type { HistoryField } from "../../../lambdas/common/core/history/history-fields.ts";
import type { Acknowledgements, LiftableRule } from "../../../lambdas/common/core/licences/acknowledgements.ts";
import { licenceBook } from "../../../lambdas/common/core/licences/licence-book.ts";
import type { Product, ProductFields } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { fakeSource, sourceError, US } from "../../unit/common/sources/chain/fakes.ts";
import { ProductsWorld } from "../../unit/products-api/products-world.ts";
import { aProduct } from "../products.ts";

/** Fields whose values can carry a mark. */
export const MARKED_FIELDS = [
  "title",
  "description",
  "brand",
  "manufacturer",
  "availability_message",
  "image_url",
  "detail_page_url",
  "current_price",
  "original_price",
] as const;
export type MarkedField = (typeof MARKED_FIELDS)[number];

/** What one value is: which source gave it, and when. */
export interface Mark {
  readonly source: SourceId;
  readonly atMs: number;
  /** Whether it is a recorded change or a price that a source kept, and no field of a product. */
  readonly isHistory: boolean;
}

const MARK = /[78]\d{9}/g;
const FIRST = { product: 7_000_000_000, history: 8_000_000_000 } as const;

/**
 * Stored products and their history, of which every value says who gave it and when: so whatever a reader writes, as JSON,
 * CSV or events, shows what it gave out. Licences, revocations, the clock and the sources are in the hands of the test.
 */
export class RightsWorld {
  readonly api: ProductsWorld;
  /** Whether all sources fail for a passing reason, so that stored copies stand in. */
  isOut = false;
  /** Milliseconds that a call takes. */
  callMs = 0;
  readonly history: ProductHistory;
  readonly #marks = new Map<string, Mark>();

  constructor() {
    this.api = new ProductsWorld(
      ...(["creators-api", "keepa"] as const).map((id) =>
        fakeSource({
          id,
          fail: () => {
            this.api.clock.advance(this.callMs);
            return this.isOut ? sourceError(id, "retriable", "InternalError") : undefined;
          },
          reply: () => this.fieldsOf(() => ({ source: id, atMs: this.nowMs }), ["title", "image_url", "current_price"]),
        }),
      ),
    );
    // The longest that a stage may set: fields that are about to end are reused.
    this.api.cacheSeconds = () => 86_400;
    this.history = new ProductHistory(this.api.dynamo.client(), "product-history");
  }

  get nowMs(): number {
    return this.api.clock.now();
  }

  #mark(mark: Mark): string {
    const id = String((mark.isHistory ? FIRST.history : FIRST.product) + this.#marks.size);
    this.#marks.set(id, mark);
    return id;
  }

  /** Values of some fields, each with its mark. */
  fieldsOf(
    originOf: (field: MarkedField) => Pick<Mark, "source" | "atMs">,
    fields: readonly MarkedField[],
  ): Partial<ProductFields> {
    return {
      currency: "USD",
      ...Object.fromEntries(
        fields.map((field) => {
          const mark = this.#mark({ ...originOf(field), isHistory: false });
          if (field.endsWith("price")) return [field, `${mark}.00`];
          return [field, field.endsWith("url") ? `https://m.media-amazon.com/${mark}` : mark];
        }),
      ),
    };
  }

  /** Stores a product with fields of different sources and ages. */
  async put(asin: string, origins: Partial<Record<MarkedField, Pick<Mark, "source" | "atMs">>>): Promise<void> {
    const given = MARKED_FIELDS.filter((field) => origins[field]);
    const originOf = (field: MarkedField) => origins[field] ?? { source: "keepa" as const, atMs: this.nowMs };
    const none = Object.fromEntries(MARKED_FIELDS.map((field) => [field, null]));
    const provenance = Object.fromEntries(
      given.map((field) => [field, { source: originOf(field).source, fetched_at: isoTime(originOf(field).atMs) }]),
    );
    const product: Product = {
      ...aProduct({ ...none, ...this.fieldsOf(originOf, given) }),
      ...{ asin, product_id: `${US}#${asin}`, marketplace: US, provenance },
    };
    await this.api.store.saveMany([{ product, raw_keys: [], refresh_until: null }]);
  }

  /** Records what was once allowed to be recorded. */
  async record(asin: string, field: HistoryField, origins: readonly Pick<Mark, "source" | "atMs">[]): Promise<void> {
    const changes = origins.map(({ source, atMs }): Change => {
      const mark = this.#mark({ source, atMs, isHistory: true });
      const value = field === "current_price" ? `${mark}.00` : mark;
      return { field, value, currency: field === "current_price" ? "USD" : null, source, changed_at: isoTime(atMs) };
    });
    const key = `${US}#${asin}`;
    const latest = (await this.history.latest([key])).known.get(key) ?? NOTHING_RECORDED;
    await this.history.record(key, latest, changes);
    await this.history.savePrices(key, {
      source: "keepa",
      fetched_at: isoTime(this.nowMs),
      series: [
        {
          name: "new",
          // Minor units.
          points: [[1_000, Number(this.#mark({ source: "keepa", atMs: 0, isHistory: true })) * 100]],
          has_earlier: false,
        },
      ],
    });
  }

  /** Lifts rules of licences. */
  acknowledge(lifted: readonly (readonly [SourceId, LiftableRule])[]): void {
    const sentence = "The owner of the stage agreed on 2026-11-29.";
    const acknowledged: Acknowledgements = {};
    for (const [source, rule] of lifted) acknowledged[source] = { ...acknowledged[source], [rule]: sentence };
    Object.assign(this.api.licences, licenceBook(acknowledged));
  }

  revoke(sources: readonly SourceId[]): void {
    this.api.revoked = sources;
  }

  /** The values in what a reader gave out. */
  marksIn(text: string): Mark[] {
    return [...text.matchAll(MARK)].flatMap(([id]) => this.#marks.get(id) ?? []);
  }

  /** Values that were written and may not be given out now. */
  countForbidden(): number {
    return [...this.#marks.values()].filter((mark) => this.forbids(mark) !== null).length;
  }

  /**
   * Why a value may not be given out now, by the table of licences alone; null: it may.
   * @param isRecorded whether it is given out as a change, which only some licences allow
   */
  forbids({ source, atMs, isHistory }: Mark, isRecorded = false): string | null {
    if (this.api.revoked.includes(source)) return "revoked";
    const { store_seconds, history } = this.api.licences[source];
    if ((isHistory || isRecorded) && !history) return "no history";
    if (isHistory) return null;
    return store_seconds !== null && this.nowMs >= atMs + store_seconds * 1_000 ? "ended" : null;
  }
}
