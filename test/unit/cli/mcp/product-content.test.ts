import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noticesOf } from "../../../../lambdas/common/core/licences/notices.ts";
import { PRODUCT_FIELDS } from "../../../../lambdas/common/core/products/product.ts";
import { aLicensedProduct } from "../../../helpers/products.ts";
import { aFailure } from "../harness/answers.ts";
import { CATALOG_ID } from "../harness/fake-api.ts";
import { openMcp } from "../harness/mcp-harness.ts";
import { AGREES, CALLS, everything } from "../harness/whole-deployment.ts";

/** Adds licensed content to every object of an answer, as a newer deployment might. */
const withContentAnywhere = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withContentAnywhere);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    // These are counts by source id.
    name === "by_source" || name === "calls" ? member : withContentAnywhere(member),
  ]);
  const content = Object.fromEntries(PRODUCT_FIELDS.map((field) => [field, "LICENSED"]));
  return { ...content, product: aLicensedProduct({ title: "LICENSED" }), ...Object.fromEntries(members) };
};

const membersOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...membersOf(member)]);
};

describe("product content", () => {
  it.each(CALLS)("%s has none without --with-content, whatever the deployment answers", async (name, input) => {
    const { call } = await openMcp(
      (seen) => {
        const reply = everything(seen);
        return seen.path.endsWith("/failures")
          ? { status: 200, body: { items: [aFailure({ source: "keepa", message: "LICENSED" })], next_cursor: null } }
          : { ...reply, body: withContentAnywhere(reply.body) };
      },
      { person: AGREES },
    );
    const { isError, answer, text } = await call(name, input);
    expect(isError, text).toBe(false);
    expect(text).not.toContain("LICENSED");
    expect(membersOf(answer).filter((member) => (PRODUCT_FIELDS as readonly string[]).includes(member))).toEqual([]);
  });

  it("is no tool's, and the instructions say how to have it", async () => {
    const { client, tools } = await openMcp(everything, { listed: true });
    expect(tools.map(({ name }) => name)).not.toContain("products");
    expect(client.getInstructions()).toContain("--with-content");
  });

  it("words of a failure that are our own are shown all the same", async () => {
    const items = [
      aFailure({ source: "creators-api", message: "ours" }),
      aFailure({ source: "keepa", message: "theirs" }),
    ];
    const reply = () => ({ status: 200, body: { items, next_cursor: null } });
    const without = await (await openMcp(reply)).call("failures", { catalog_id: CATALOG_ID });
    expect(without.answer.items.map(({ message }: { message: unknown }) => message)).toEqual(["ours", null]);
    const withIt = await (await openMcp(reply, { withContent: true })).call("failures", { catalog_id: CATALOG_ID });
    expect(withIt.answer.items.map(({ message }: { message: unknown }) => message)).toEqual(["ours", "theirs"]);
  });

  it("comes with --with-content: what may be public unless asked otherwise, with its end and the shop's notices", async () => {
    const { call, api } = await openMcp(everything, { withContent: true });
    const { answer } = await call("products", { catalog_id: CATALOG_ID });
    const [{ product }] = answer.items;
    expect(product.title).toBe("Desk lamp");
    expect(answer.notices).toEqual(noticesOf("www.amazon.com"));
    expect(answer.valid_until).toBe(product.provenance.title.store_until);
    expect(answer.from_outside.members).toContain("items[].product");
    await call("products", { catalog_id: CATALOG_ID, public: false });
    const asked = api.seen.filter(({ path }) => path.endsWith("/products")).map(({ query }) => query.public);
    expect(asked).toEqual(["true", undefined]);
  });

  it("an export lies in a file; its answer names it, its end, and neither its content nor its address", async () => {
    const { call, folder } = await openMcp(everything);
    const { answer, text } = await call("export", { catalog_id: CATALOG_ID });
    expect(answer.file).toBe(join(folder, "lists", "mine-all-2026-08-01.csv"));
    expect(await readFile(answer.file, "utf8")).toBe('{"the":"file"}');
    expect(answer.delete_by).toBe("2026-08-02T00:00:00.000Z");
    expect(text).not.toContain("download");
    const again = await call("export", { catalog_id: CATALOG_ID });
    expect(again.text).toContain("nothing is replaced");
  });
});
