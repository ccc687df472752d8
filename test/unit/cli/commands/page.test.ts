import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runWith } from "../harness/harness.ts";

let folder = "";
const page = (name: string): string => join(folder, `${name}.html`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrichline-page-"));
  await writeFile(
    page("product"),
    '<html><body><div id="dp"><input type="hidden" id="ASIN" value="B000000001"><span id="productTitle"> A lamp </span></div></body></html>',
  );
  await writeFile(page("wall"), '<html><body><form action="/errors/validateCaptcha"></form></body></html>');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("page parse", () => {
  it("shows what the parser of runs sees, and names another product than the one asked for", async () => {
    const { code, out } = await runWith(["page", "parse", page("product"), "--asin", "B000000002"], {});
    expect(code).toBe(0);
    expect(out).toContain("Kind      product\n");
    expect(out).toContain("Product   B000000001, which is another one than asked for\n");
    expect(out).toMatch(/title +A lamp/);
  });

  it("gives the same as a document with --json", async () => {
    const { out } = await runWith(["page", "parse", page("product"), "--marketplace", "amazon.de", "--json"], {});
    expect(JSON.parse(out)).toMatchObject({
      ...{ kind: "product", asin: "B000000001", redirected: false, price_from: null },
      fields: { title: "A lamp", detail_page_url: "https://www.amazon.de/dp/B000000001" },
    });
  });

  it("ends with 1 for a page that is no product, and says of which kind it is", async () => {
    const { code, out } = await runWith(["page", "parse", page("wall")], {});
    expect({ code, out }).toEqual({ code: 1, out: "Kind      click_through\nNo product is read from such a page.\n" });
  });

  it.each([
    [["page", "parse", "/nowhere.html"], 4, "cannot be read"],
    [["page", "parse", "x.html", "--marketplace", "amazon.zz"], 2, "It must be a shop"],
    [["page"], 2, "parse"],
  ])("%j ends with %i", async (args, code, words) => {
    expect(await runWith(args, {})).toMatchObject({ code, err: expect.stringContaining(words) });
  });
});
