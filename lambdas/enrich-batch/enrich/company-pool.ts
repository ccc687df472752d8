import type { ProductOutcome } from "../../common/services/enrich/product-outcome.ts";
import type { Company } from "../../common/sources/chain/chain-deps.ts";
import type { ChainProduct } from "../../common/sources/chain/chain-request.ts";
import type { BatchProduct } from "./due-products.ts";
import type { EnrichProducts } from "./enrich-port.ts";
import type { TableAnswer, WantedProduct } from "./table-look-up.ts";

/** What company came while a part was with the chain. */
export interface CameMeanwhile {
  /** Those that went with the part's calls. */
  readonly taken: readonly WantedProduct[];
  /** Those that are still to be asked for. */
  readonly left: readonly WantedProduct[];
  /** Those that are fresh in the table, by key. */
  readonly cached: ReadonlyMap<string, ProductOutcome>;
}

/** Only what no source knows anything of yet goes with whatever call there is. */
const isPlain = ({ product: { suspicions = 0, existing, knownFailures = [] } }: WantedProduct): boolean =>
  suspicions === 0 && knownFailures.length === 0 && Object.keys(existing.provenance).length === 0;

/** Products that were received while calls wait for their slots. What no call takes is not lost: `settle` gives it back. */
export class CompanyPool implements Company {
  readonly #receive: NonNullable<Parameters<EnrichProducts>[0]["company"]>;
  readonly #lookUp: (products: readonly BatchProduct[]) => Promise<TableAnswer>;
  #gathering: Promise<void> = Promise.resolve();
  #left: WantedProduct[] = [];
  #taken: WantedProduct[] = [];
  #cached = new Map<string, ProductOutcome>();

  /** @param receive absent: nothing ever comes */
  constructor(
    receive: Parameters<EnrichProducts>[0]["company"],
    lookUp: (products: readonly BatchProduct[]) => Promise<TableAnswer>,
  ) {
    this.#receive = receive ?? (async () => []);
    this.#lookUp = lookUp;
  }

  async gather(ids: number, waitSeconds: number): Promise<void> {
    // One at a time: a call that missed its slot may ask again before the first answer is there.
    const work = this.#gathering.then(() => this.#gather(ids, waitSeconds));
    this.#gathering = work;
    // The caller that settles the pool gets the error.
    await work.catch(() => undefined);
  }

  take(marketplace: string, most: number): readonly ChainProduct[] {
    const fits = (wanted: WantedProduct): boolean => wanted.marketplace === marketplace && isPlain(wanted);
    const taken = this.#left.filter(fits).slice(0, most);
    this.#left = this.#left.filter((wanted) => !taken.includes(wanted));
    this.#taken.push(...taken);
    return taken.map(({ product }) => product);
  }

  /**
   * Waits for what is under way, and empties the pool.
   * @throws what nobody expected while products were fetched
   */
  async settle(): Promise<CameMeanwhile> {
    await this.#gathering;
    const came = { taken: this.#taken, left: this.#left, cached: this.#cached };
    this.#taken = [];
    this.#left = [];
    this.#cached = new Map();
    return came;
  }

  async #gather(ids: number, waitSeconds: number): Promise<void> {
    const products = await this.#receive(ids, waitSeconds);
    if (products.length === 0) return;
    const { cached, wanted } = await this.#lookUp(products);
    for (const [key, outcome] of cached) this.#cached.set(key, outcome);
    this.#left.push(...wanted);
  }
}
