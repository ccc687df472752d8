import { describe, expect, it } from "vitest";
import { deployHarness } from "../../harness/deploy-harness.ts";
import { FAKE_ACCOUNT } from "../../harness/fake-aws.ts";

const start = deployHarness();

describe("deploy", () => {
  it("synthesizes once, checks in order, names costs and changes, and deploys what was shown", async () => {
    const { deploy, ran, deployed } = await start();
    const { code, err, out } = await deploy("dev --yes -- -c settings={} --force");
    expect(code).toBe(0);
    expect(ran.map(([verb]) => verb)).toEqual(["synth", "deploy"]);
    expect(ran[0]?.slice(0, 6)).toEqual(["synth", "--quiet", "-c", "stage=dev", "-c", "settings={}"]);
    const folder = ran[0]?.at(-1);
    expect(deployed()).toEqual(["deploy", "--all", "--app", folder, "--require-approval", "never", "--force"]);
    const said = [
      "ok      identity",
      "ok      bootstrap",
      "ok      concurrency",
      "ok      alarms",
      "ok      first deploy",
    ];
    const places = [...said, "Fixed costs a month", "What changes"].map((words) =>
      err.replaceAll(/ {2,}/g, "      ").indexOf(words),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(err).toContain(`account ${FAKE_ACCOUNT} in eu-central-1, as arn:aws:iam::${FAKE_ACCOUNT}:user/ops`);
    expect(err).toContain("Enrichline-dev-Data: 2 added");
    expect(out).toBe("");
  });

  it("names each fixed cost with its price, the day of the prices, and the sum", async () => {
    const { err } = await (await start()).deploy("dev --yes");
    expect(err).toMatch(/by list prices of us-east-1 read on \d{4}-\d\d-\d\d/);
    expect(err).toMatch(/\$0\.30 +3 metrics that alarms watch +\$0\.1 each/);
    expect(err).toMatch(/\$3\.00 +1 dashboards/);
    expect(err).toMatch(/\$0\.40 +1 secrets/);
    expect(err).toMatch(/\$1\.00 +1 encryption keys/);
    expect(err).toMatch(/by use +1 tables with recovery to any point in time +\$0\.2 for each GB/);
    expect(err).toMatch(/\$4\.70 +together/);
  });

  it.each([["dev"], ["--stage dev"], ["dev --stage dev"]])(
    "takes the stage as an argument or an option: %s",
    async (args) => {
      const { deploy, deployed } = await start();
      expect((await deploy(`${args} --yes`)).code).toBe(0);
      expect(deployed()).toContain("--all");
    },
  );

  it.each([
    ["", "Name the stage to deploy"],
    ["local", "The local stack starts with: npm run local"],
    ["dev --stage prod", "Two stages are named, dev and prod"],
    ["Dev", '"Dev" cannot be a stage'],
  ])("refuses %j before anything runs", async (args, words) => {
    const { deploy, ran } = await start();
    expect(await deploy(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
    expect(ran).toEqual([]);
  });

  it("asks, and deploys nothing unless the answer is yes", async () => {
    const { deploy, deployed } = await start();
    const no = await deploy("dev", { answers: [""] });
    expect(no.asked.map(({ question }) => question.trim())).toEqual([
      `Deploy stage dev to account ${FAKE_ACCOUNT} in eu-central-1? [y/N]`,
    ]);
    expect(no).toMatchObject({ code: 0, err: expect.stringContaining("Nothing was deployed.") });
    expect(deployed()).toBeUndefined();
    expect((await deploy("dev", { answers: ["y"] })).code).toBe(0);
    expect(deployed()).toBeDefined();
  });

  it("does not deploy where nobody can be asked, and says what to add", async () => {
    const { deploy, deployed } = await start();
    expect(await deploy("dev")).toMatchObject({ code: 2, err: expect.stringContaining("then add --yes") });
    expect(deployed()).toBeUndefined();
  });

  it("stops after the changes with --dry-run", async () => {
    const { deploy, deployed } = await start();
    const { code, err } = await deploy("dev --dry-run");
    expect(code).toBe(0);
    expect(err).toContain("Dry run: nothing was deployed.");
    expect(deployed()).toBeUndefined();
  });

  it("is one document with --json, while the CDK's own words go to stderr", async () => {
    const { deploy, streams } = await start();
    const { out } = await deploy("dev --yes --json");
    expect(streams).toEqual(["aside", "aside"]);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ stage: "dev", account: FAKE_ACCOUNT, region: "eu-central-1", deployed: true });
    expect(document.monthly_costs.usd).toBe(4.7);
    expect(document.changes).toHaveLength(9);
    expect(JSON.parse((await deploy("dev --dry-run --json")).out)).toMatchObject({ deployed: false });
  });

  it("ends with 5 when the CDK does not succeed, and with 2 when the stage cannot be synthesized", async () => {
    const failed = await (await start({ codes: { deploy: 1 } })).deploy("dev --yes");
    expect(failed).toMatchObject({ code: 5, err: expect.stringContaining("A deploy is refused") });
    const unknown = await start({ codes: { synth: 1 } });
    expect(await unknown.deploy("test --yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("cannot be synthesized"),
    });
    expect(unknown.deployed()).toBeUndefined();
  });
});
