import { describe, expect, it } from "vitest";
import { createApp } from "../../../../../lambdas/catalogs-api/app.ts";
import type { Deps } from "../../../../../lambdas/catalogs-api/deps.ts";
import {
  ConflictError,
  DuplicateError,
  TransientError,
  ValidationError,
} from "../../../../../lambdas/common/core/errors.ts";
import { fakeDeps, signedIn } from "../../fake-deps.ts";

const named = (name: string): Error => Object.assign(new Error(name), { name });
const fail = (error: Error) => () => Promise.reject(error);

/** Uploads one product with some deps replaced, and tells the answer and how many catalogs' files were removed. */
const upload = async (change: (deps: Deps) => Partial<Deps>, query = "") => {
  const { deps, world } = fakeDeps();
  const response = await createApp({ ...deps, ...change(deps) }).request(
    `/api/v1/catalogs${query}`,
    { method: "POST", body: "asin\nB0ABCDEF01", headers: { "content-type": "text/csv" } },
    signedIn("user-1"),
  );
  return { status: response.status, discarded: world.discarded.length };
};

const whenWriting = (error: Error, query = "") =>
  upload(
    (deps) => ({ catalogs: { ...deps.catalogs, createCatalog: fail(error), createCatalogWithRun: fail(error) } }),
    query,
  );

describe("the files of an upload that fails", () => {
  describe.each(["", "?enrich=false"])("with the query '%s'", (query) => {
    it.each([
      new ConflictError("another upload was faster", "duplicate_upload"),
      new ValidationError("too large"),
      named("ValidationException"),
      named("TransactionCanceledException"),
    ])("are removed when the write was refused: %s", async (error) => {
      const { status, discarded } = await whenWriting(error, query);
      expect([status >= 400, discarded]).toEqual([true, 1]);
    });

    it.each([
      new TransientError("the answer was lost"),
      new DuplicateError("the row is there, by a retried write"),
      named("Unheard"),
    ])("are kept when the row may be there: %s", async (error) => {
      const { status, discarded } = await whenWriting(error, query);
      expect([status >= 400, discarded]).toEqual([true, 0]);
    });

    it("are kept when all went well", async () => {
      const { status, discarded } = await upload(() => ({}), query);
      expect([status < 300, discarded]).toEqual([true, 0]);
    });

    it("are removed when something fails before the write, even for now", async () => {
      const error = new TransientError("products cannot be read");
      const { status, discarded } = await upload(
        (deps) => ({ products: { getMany: fail(error) }, ingest: withSample(deps) }),
        query,
      );
      expect([status, discarded]).toEqual([503, 1]);
    });
  });

  it("are removed when the claim on the content cannot be made", async () => {
    const { status, discarded } = await upload(() => ({ claimContent: fail(new TransientError("no answer")) }));
    expect([status, discarded]).toEqual([503, 1]);
  });

  it("are nobody's in a dry run", async () => {
    expect(await upload(() => ({}), "?dry_run=true")).toEqual({ status: 200, discarded: 0 });
  });
});

/** The estimate reads products only when the upload has keys to look for. */
const withSample =
  (deps: Deps): Deps["ingest"] =>
  async (request) => ({ ...(await deps.ingest(request)), sample_keys: ["www.amazon.com#B0ABCDEF01"] });
