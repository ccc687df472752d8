import * as dynamo from "../../../local/faults/dynamo-troubles.ts";
import { PAGES_END_EARLY } from "../../../local/faults/fault-proxy.ts";
import { s3Failing, s3Slow } from "../../../local/faults/object-troubles.ts";
import * as sqs from "../../../local/faults/queue-troubles.ts";
import type { Seeded } from "../../../local/faults/seeded.ts";
import {
  type Act,
  awsTrouble,
  duplicate,
  freeze,
  freezing,
  killGateway,
  killMidBatch,
  killOthers,
  litter,
} from "./acts.ts";
import { poison } from "./poison.ts";
import { dayEnds, upstreamDies } from "./source-acts.ts";
import { DISPATCHERS, READERS, RECORDERS, writesHang } from "./victims.ts";

/**
 * Few, because all is over one visibility time-out after that freeze at the earliest. The poison comes before it too:
 * it comes back as late.
 */
const ACTS_BEFORE_LAST_FREEZE = 4;
/** Bodies that no version of the product could read, each once only. */
export const GARBAGE = [
  "{",
  "null",
  "[]",
  '"text"',
  "<xml/>",
  "x".repeat(90_000),
  JSON.stringify({ version: 2 }),
  JSON.stringify({ version: 1, catalog_id: "c", products: [] }),
];

/** Every kind of trouble that must have struck when the storm is over. */
export const MUST_STRIKE = [
  "workers killed mid-batch",
  "other functions killed",
  "workers frozen",
  "workers frozen for good",
  "workers ended by their time limit",
  "messages delivered again",
  "runs cancelled",
  "days used up",
  "gateways killed",
  "upstream outages",
  "DynamoDB throttles",
  "DynamoDB throttles: recorded outcomes",
  "DynamoDB fails",
  "DynamoDB fails: recorded outcomes",
  "DynamoDB fails: the reader of uploads",
  "DynamoDB's answers get lost",
  "DynamoDB's answers get lost: recorded outcomes",
  "DynamoDB's answers get lost: claims of dispatchers",
  "DynamoDB leaves keys unprocessed",
  "transactions conflict",
  "transactions conflict: recorded outcomes",
  "writes conflict",
  "writes conflict: claims of dispatchers",
  "S3 fails",
  "S3 fails: the reader of uploads",
  "S3 is slow",
  "SQS fails",
  "SQS delivers late",
  "SQS delivers twice",
  "SQS refuses single messages",
  "writes hang",
  PAGES_END_EARLY,
];

interface Plan {
  readonly random: Seeded;
  /** What is done again and again while a frozen worker is waited for. */
  readonly letTimePass: () => Promise<void>;
  readonly cancelRun: Act;
  /** Of the stage and of the simulator. */
  readonly unitsPerDay: number;
}

/**
 * The acts in the order of this run. Workers are frozen for good when no act to come kills or thaws any: a worker that
 * is killed cannot run into its time limit.
 */
export const stormActs = ({
  random,
  letTimePass,
  cancelRun,
  unitsPerDay,
}: Plan): { readonly stormy: readonly Act[]; readonly last: readonly Act[] } => {
  const { freezeForGood, outlive } = freezing(letTimePass);
  const others = random.shuffled([
    killOthers,
    duplicate,
    litter(GARBAGE),
    killGateway,
    cancelRun,
    awsTrouble([
      { trouble: dynamo.dynamoThrottled(random.between(0.2, 0.6)), victims: RECORDERS },
      { trouble: dynamo.readsUnprocessed(random.between(0.3, 0.8)) },
    ]),
    awsTrouble(
      [{ trouble: dynamo.dynamoFailing(random.between(0.5, 1)), victims: { ...RECORDERS, ...READERS } }],
      "CHP1",
    ),
    awsTrouble([
      { trouble: dynamo.dynamoAnswersLost(random.between(0.1, 0.4)), victims: { ...RECORDERS, ...DISPATCHERS } },
    ]),
    awsTrouble([
      { trouble: dynamo.transactionConflicts(random.between(0.4, 1)), victims: RECORDERS },
      { trouble: dynamo.writeConflicts(random.between(0.4, 1)), victims: DISPATCHERS },
    ]),
    awsTrouble([{ trouble: writesHang(2) }]),
    awsTrouble(
      [
        { trouble: s3Failing(random.between(0.3, 0.7)), victims: READERS },
        { trouble: s3Slow(random.between(0.3, 0.8)) },
      ],
      "CHP2",
    ),
    awsTrouble([
      // The rarest first: a call meets one trouble, and few requests have several messages.
      { trouble: sqs.sqsPartlyRefused(random.between(0.3, 0.8)) },
      { trouble: sqs.sqsFailing(random.between(0.2, 0.5)) },
      { trouble: sqs.sqsDelayed(random.between(0.3, 0.6)) },
      { trouble: sqs.sqsDoubled(random.between(0.3, 0.6)) },
    ]),
  ]);
  const first = others.slice(0, ACTS_BEFORE_LAST_FREEZE);
  return {
    stormy: [
      ...random.shuffled([killMidBatch, killMidBatch, freeze, poison, ...first]),
      freezeForGood,
      ...others.slice(first.length),
    ],
    last: [outlive, dayEnds(unitsPerDay), upstreamDies],
  };
};
