import { describe, expect, it } from "vitest";
import * as z from "zod";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import { functionsOf } from "../stage/resources.ts";
import { STAGE_TEMPLATES } from "../stage/stage-templates.ts";
import type { StageTemplates } from "../stage/synth-stage.ts";

/** Text that looks like a secret: keys and tokens of known issuers, private keys, signed tokens, and long text of no word. */
const SHAPES = [
  /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/,
  /amzn1\.(?:oa2-cs|application-oa2-client)\./,
  /Atz[ar]\|/,
  /whsec_/,
  /\bek_[A-Za-z0-9]/,
  /-----BEGIN/,
  /\beyJ[\w-]{10,}\./,
  // A name and a password in an address.
  /\/\/[^/\s@]*:[^/\s@]*@/,
  // Names have hyphens, dots or spaces before this length.
  /[A-Za-z0-9+/=_]{20,}/,
];
const looksSecret = (text: string): boolean => SHAPES.some((shape) => shape.test(text));

/** Literal text within a value; what refers to a resource names it and holds nothing. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  const [[key, inner] = ["", undefined], ...more] = Object.entries(value);
  const isReference = more.length === 0 && (key === "Ref" || key === "Fn::GetAtt" || key === "Fn::GetStackOutput");
  return isReference ? [] : [inner, ...more.map(([, one]) => one)].flatMap(textsIn);
};

/** What people and functions see of a template: every variable, output, parameter and description. */
const shownIn = (templates: StageTemplates): (readonly [string, unknown])[] =>
  Object.entries(templates).flatMap(([stack, template]) => {
    const { Outputs = {}, Parameters = {} } = z
      .looseObject({
        Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).optional(),
        Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown() })).optional(),
      })
      .parse(template.toJSON());
    return [
      ...Object.entries(Outputs).map(([name, { Value }]) => [`${stack} output ${name}`, Value] as const),
      ...Object.entries(Parameters)
        // The CDK's own, which names a parameter of its bootstrap.
        .filter(([name]) => name !== "BootstrapVersion")
        .map(([name, { Default }]) => [`${stack} parameter ${name}`, Default] as const),
      ...[...functionsOf(template)].flatMap(([id, { Environment }]) =>
        Object.entries(Environment.Variables).map(([name, value]) => [`${stack} ${id} ${name}`, value] as const),
      ),
    ];
  });

/** Variables about secrets say where one is, never what it is. */
const NAMES_A_SECRET = /SECRET|PASSWORD|TOKEN|CREDENTIAL|(?:^|_)KEY/i;
const SAYS_WHERE = /(?:_ARN|_PREFIX|Prefix)$/;

describe("plain secrets", () => {
  it.each(STAGE_TEMPLATES)("are in no variable, output or parameter of stage %s", (_name, templates) => {
    const shown = shownIn(templates);
    expect(shown.length).toBeGreaterThan(100);
    expect(shown.filter(([, value]) => textsIn(value).some(looksSecret)).map(([place]) => place)).toEqual([]);
    expect(
      shown
        // What refers to a secret gives its ARN.
        .filter(([, value]) => textsIn(value).length > 0)
        .map(([place]) => place.split(" ").at(-1) ?? "")
        .filter((name) => NAMES_A_SECRET.test(name) && !SAYS_WHERE.test(name)),
    ).toEqual([]);
  });

  it.each(STAGE_TEMPLATES)(
    "are fetched by no template of stage %s: what a deploy resolves stays in a setting",
    (_name, templates) => {
      for (const template of Object.values(templates)) {
        expect(JSON.stringify(template.toJSON())).not.toMatch(/resolve:(?:secretsmanager|ssm-secure)/);
      }
    },
  );

  it("would be found: each value of the local credentials is", () => {
    const values = [
      ...Object.values(LOCAL_CREATORS_CREDENTIALS),
      LOCAL_CREDENTIALS.paapi,
      LOCAL_CREDENTIALS["sp-api"],
      LOCAL_CREDENTIALS.keepa,
    ]
      .flatMap((secret) => Object.entries(secret))
      .filter(([name]) =>
        ["client_id", "client_secret", "access_key", "secret_key", "refresh_token", "key"].includes(name),
      );
    expect(values).toHaveLength(18);
    for (const [, value] of values) {
      expect(
        textsIn({ "Fn::Join": ["", ["https://", { Ref: "Api" }, `/?key=${value}`]] }).some(looksSecret),
        String(value),
      ).toBe(true);
    }
    expect(looksSecret("https://name:word@upstream.example")).toBe(true);
  });
});
