import { roleStatements, type Statement } from "../../stage/resources.ts";
import { synthesizedStage } from "../../stage/synth-stage.ts";

const { Pipeline, Shop, Api } = synthesizedStage("prod").templates;

/** Each statement of a function's role on stage prod, with the policy that holds it. */
export const PROD_STATEMENTS: readonly { readonly id: string; readonly statement: Statement }[] = [
  Pipeline,
  Shop,
  Api,
].flatMap((template) =>
  [...roleStatements(template)].flatMap(([id, list]) => list.map((statement) => ({ id, statement }))),
);
