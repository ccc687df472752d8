import { expect, test } from "vitest";
import { displayWidth, fitWidth, printable } from "../../../../../local/demo/output/display-text.ts";
import { createLiveLine } from "../../../../../local/demo/output/live-line.ts";
import { duration, renderProgress } from "../../../../../local/demo/output/render-progress.ts";
import { renderTable } from "../../../../../local/demo/output/render-table.ts";
import { createRecentRate } from "../../../../../local/demo/recent-rate.ts";

test("escape sequences and line breaks in foreign text do not reach the terminal", () => {
  expect(printable("a\u001b[31mred\u001b[0m\r\nb\u0007\u200b c")).toBe("ared b c");
});

test("wide characters count two columns, and cutting never splits one", () => {
  expect(displayWidth("本a🎁")).toBe(5);
  expect(fitWidth("本本本", 4)).toBe("本… ");
  expect(fitWidth("abcdef", 4)).toBe("abc…");
  expect(fitWidth("7", 3, "right")).toBe("  7");
});

test("a table lines its columns up and cuts what is too wide", () => {
  expect(
    renderTable(
      [
        { title: "Name", max: 6 },
        { title: "N", max: 5, align: "right" },
      ],
      [
        ["a very long name", "12"],
        ["b", "3"],
      ],
    ),
  ).toEqual(["Name     N", "──────  ──", "a ver…  12", "b        3"]);
});

const progress = { done: 0, total: 500, perSecond: null, quota: null, secondsLeft: null, waitsFor: null };

test("the progress line shows share, counts, rate, quota and the time left", () => {
  const half = { ...progress, done: 250, perSecond: 9.84, quota: { used: 25, limit: 8640 }, secondsLeft: 26 };
  const words = "  50 %  250/500 products  9.8/s  25/8,640 calls today  26 s left";
  expect(renderProgress(half, 100)).toBe(`${"█".repeat(14)}${"░".repeat(14)}${words}`);
  expect(renderProgress(half, 80)).toBe(`${"█".repeat(7)}${"░".repeat(8)}${words}`);
  expect(renderProgress(half, 80)).toHaveLength(79);
  expect(renderProgress(half, 20)).toBe(`████░░░░${words}`);
});

test("a run that waits says for what instead of promising a time", () => {
  const line = renderProgress({ ...progress, secondsLeft: 5, waitsFor: "creators-api daily-quota; nothing to do" });
  expect(line).toContain("waits: creators-api daily-quota");
  expect(line).not.toContain("left");
});

test("one product short of the end is not shown as 100 %", () => {
  expect(renderProgress({ ...progress, done: 499 })).toContain(" 99 %");
  expect(renderProgress({ ...progress, done: 500 })).toContain("100 %");
});

test("an empty run is complete rather than a division by zero", () => {
  expect(renderProgress({ ...progress, total: 0 })).toContain("100 %  0/0 products");
});

test("durations are in words", () => {
  expect([45, 200, 7500].map(duration)).toEqual(["45 s", "3 min 20 s", "2 h 5 min"]);
});

test("the rate looks back thirty seconds and says nothing in the first", () => {
  const rate = createRecentRate();
  expect(rate.add(0, 0)).toBeNull();
  expect(rate.add(500, 10)).toBeNull();
  expect(rate.add(2_000, 20)).toBe(10);
  expect(rate.add(90_000, 20)).toBe(0);
});

test("without a terminal a line is written at most every five seconds, and the last one always", () => {
  let now = 0;
  const written: string[] = [];
  const line = createLiveLine({ write: (text: string | Uint8Array) => written.push(String(text)) > 0 }, () => now);
  line.show("one");
  now = 1_000;
  line.show("two");
  now = 6_000;
  line.show("three");
  now = 6_500;
  line.show("four");
  line.end();
  expect(written).toEqual(["one\n", "three\n", "four\n"]);
});

test("on a terminal the line is redrawn and cut to its width", () => {
  const written: string[] = [];
  const out = { isTTY: true, columns: 6, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const line = createLiveLine(out, () => 0);
  line.show("abcdefgh");
  line.end();
  expect(written).toEqual(["\r\u001b[2Kabcde", "\n"]);
});
