import type { ShopProducts } from "../../adapters/dynamodb/shop/shop-products.ts";
import type { StagedAssemblies } from "../../adapters/dynamodb/shop/staged-assemblies.ts";
import { type Assembly, assembliesOf, assemblyId } from "../../core/shop/assembly.ts";
import type { ShopEvent } from "../../core/shop/shop-event.ts";
import type { ShopKey } from "../../core/shop/shop-ids.ts";
import type { StagedAssembly } from "../../core/shop/staged-assembly.ts";
import { createGate } from "../../platform/gate.ts";
import { type Begun, beginAssembly } from "./begin-assembly.ts";
import { type Judged, judgeEvent } from "./judge-event.ts";
import type { MakeDeps } from "./make-product.ts";

/** Products that are worked on at the same time, each with one write under way: enough for a hundred in a fraction of a second. */
const PARALLEL_ASSEMBLIES = 8;

/** What assembling works with. */
export interface AssembleDeps extends MakeDeps {
  readonly staged: Pick<StagedAssemblies, "readMany" | "stage" | "clear">;
  readonly products: Pick<ShopProducts, "create" | "readMany">;
}

/** What an event came to; with an error it must come again, as the others of its product, whose work was not finished. */
export type Assembled = Judged | { readonly error: unknown };

/** What a group of events came to. */
export interface AssembledGroup {
  /** Products that this call wrote, also those whose events come again. */
  readonly made: readonly ShopKey[];
  /** In the order of the events. */
  readonly outcomes: readonly Assembled[];
}

/**
 * Takes a group of events. What is staged of their products is read at once; a half whose other half is staged, or in the group,
 * makes the product without being staged itself, any other one is staged. What is staged is removed after the product is
 * written, so a worker that dies anywhere leaves what the next delivery of its messages finishes. Safe to repeat and to run for the
 * same product at the same time. A product whose work fails keeps no other one back, except where a read of all fails.
 */
export const assembleAll = async (deps: AssembleDeps, events: readonly ShopEvent[]): Promise<AssembledGroup> => {
  const group = new Group(deps, assembliesOf(events));
  await group.begin();
  await group.findMade();
  await group.clear();
  return { made: group.made(), outcomes: events.map((event) => group.outcomeOf(event)) };
};

/** The products of a group of events, on their way. Each step leaves out those that failed before. */
class Group {
  readonly #deps: AssembleDeps;
  readonly #assemblies: readonly Assembly[];
  readonly #begun = new Map<string, Begun>();
  readonly #failed = new Map<string, unknown>();

  constructor(deps: AssembleDeps, assemblies: readonly Assembly[]) {
    this.#deps = deps;
    this.#assemblies = assemblies;
  }

  /** Makes each product whose halves are there, and stages the others. */
  async begin(): Promise<void> {
    const gate = createGate(PARALLEL_ASSEMBLIES);
    await this.#orFail(this.#assemblies, async () => {
      const staged = await this.#deps.staged.readMany(this.#assemblies.map(({ key }) => key));
      const rows = new Map(staged.map((row): [string, StagedAssembly] => [assemblyId(row), row]));
      await Promise.all(
        this.#assemblies.map((assembly) =>
          gate(() =>
            this.#orFail([assembly], async () => {
              const id = assemblyId(assembly.key);
              this.#begun.set(id, await beginAssembly(this.#deps, assembly, rows.get(id)));
            }),
          ),
        ),
      );
    });
  }

  /**
   * Finds the products of halves that wait. Read after they were staged: a worker that writes such a product from now on finds the
   * half and removes it.
   */
  async findMade(): Promise<void> {
    const waiting = this.#present().filter(({ product }) => product === undefined);
    await this.#orFail(waiting, async () => {
      for (const product of await this.#deps.products.readMany(waiting.map(({ key }) => key))) {
        const id = assemblyId(product);
        const begun = this.#begun.get(id);
        if (begun) this.#begun.set(id, { ...begun, product });
      }
    });
  }

  /** Removes what is staged of products that are written. */
  async clear(): Promise<void> {
    const done = this.#present().filter(({ product }) => product !== undefined);
    await this.#orFail(done, () => this.#deps.staged.clear(done.map(({ key }) => key)));
  }

  made(): readonly ShopKey[] {
    return [...this.#begun.values()].filter(({ isMade }) => isMade).map(({ key }) => key);
  }

  outcomeOf(event: ShopEvent): Assembled {
    const id = assemblyId(event.key);
    const begun = this.#begun.get(id);
    if (!begun || this.#failed.has(id)) return { error: this.#failed.get(id) };
    return judgeEvent(begun, event);
  }

  #present(): readonly Begun[] {
    return [...this.#begun].filter(([id]) => !this.#failed.has(id)).map(([, begun]) => begun);
  }

  async #orFail(these: readonly { readonly key: ShopKey }[], work: () => Promise<void>): Promise<void> {
    if (these.length === 0) return;
    try {
      await work();
    } catch (error) {
      for (const { key } of these) this.#failed.set(assemblyId(key), error);
    }
  }
}
