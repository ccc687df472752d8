import { type Command, Option } from "commander";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import {
  type WebhookDelivery,
  WebhookDeliverySchema,
} from "../../../lambdas/common/core/contract/webhooks/deliveries.ts";
import {
  CreatedWebhookSchema,
  NewSecretSchema,
  type Webhook,
  WebhookListSchema,
  WebhookSchema,
} from "../../../lambdas/common/core/contract/webhooks/webhooks.ts";
import { DeliveryStateSchema } from "../../../lambdas/common/core/webhooks/delivery.ts";
import { WEBHOOK_EVENTS } from "../../../lambdas/common/core/webhooks/endpoint.ts";
import { jsonBody } from "../../api/json-body.ts";
import { formatMoment } from "../../output/format-moment.ts";
import { formatTable } from "../../output/format-table.ts";
import type { Io } from "../../output/io.ts";
import type { CommonOptions, RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface AddOptions extends CommonOptions {
  readonly events: readonly string[];
}
interface DeliveriesOptions extends CommonOptions {
  readonly state?: string;
  readonly limit: string;
  readonly cursor?: string;
}
interface RotateOptions extends CommonOptions {
  readonly overlap: string;
}

/** What the argument `webhook` is. */
const WEBHOOK = "id of the endpoint, as webhooks list shows it";

const DeliveryPageSchema = pageOf(WebhookDeliverySchema);

const stateOf = ({ state, off_reason, failing_since }: Webhook, nowMs: number): string => {
  if (state === "off") return `off (${off_reason ?? "by_user"})`;
  return failing_since === null ? "on" : `on, failing since ${formatMoment(failing_since, nowMs)}`;
};

const printWebhooks = (io: Io, webhooks: readonly Webhook[]): void => {
  const rows = webhooks.map((one) => [one.webhook_id, one.url, one.events.join(", "), stateOf(one, io.now())]);
  io.out(formatTable(["webhook", "address", "events", "state"], rows));
};

const printSecret = (io: Io, id: string, secret: string): void => {
  io.out(`${secret}\n`);
  io.err(`The secret of ${id}, shown this once: receivers verify signatures with it (docs/webhooks.md).\n`);
};

const lastAnswer = ({ log }: WebhookDelivery): string => {
  const last = log.at(-1);
  return last === undefined ? "-" : String(last.status ?? last.error);
};

const printDeliveries = (io: Io, deliveries: readonly WebhookDelivery[]): void => {
  const rows = deliveries.map((one) => [
    ...[one.delivery_id, one.event, one.state, lastAnswer(one), String(one.attempts)],
    formatMoment(one.created_at, io.now()),
  ]);
  io.out(formatTable(["delivery", "event", "state", "answer", "attempts", "made"], rows));
};

const printSent = (io: Io, delivery: WebhookDelivery): void => {
  io.out(`${delivery.delivery_id} is being sent. What comes of it: enrichline webhooks deliveries WEBHOOK\n`);
};

/** Adds the commands that make and change endpoints. */
const addEndpoints = (webhooks: Command, run: RunCommand): void => {
  showAnswer(webhooks.command("list").description("your endpoints"), run, {
    ask: ({ api }) => api.call({ path: "/webhooks", answer: WebhookListSchema }),
    print: (io, { items }) => printWebhooks(io, items),
  });
  const add = webhooks
    .command("add")
    .argument("<url>", "https address that takes the events")
    .description("have events sent to an https address; shows the secret, once")
    .addOption(
      new Option("--events <event...>", "what to be told of").choices(WEBHOOK_EVENTS).default(["catalog.completed"]),
    );
  showAnswer(add, run, {
    ask: ({ api }, { events }: AddOptions, [url]) =>
      api.call({ method: "POST", path: "/webhooks", ...jsonBody({ url, events }), answer: CreatedWebhookSchema }),
    print: (io, created) => {
      io.err(`${created.webhook_id} is told of ${created.events.join(", ")}.\n`);
      printSecret(io, created.webhook_id, created.secret);
    },
  });
  for (const state of ["on", "off"] as const) {
    showAnswer(webhooks.command(state).argument("<webhook>", WEBHOOK).description(`switch an endpoint ${state}`), run, {
      ask: ({ api }, _: CommonOptions, [id]) =>
        api.call({ method: "PATCH", path: `/webhooks/${id}`, ...jsonBody({ state }), answer: WebhookSchema }),
      print: (io, webhook) => printWebhooks(io, [webhook]),
    });
  }
  showAnswer(
    webhooks.command("remove").argument("<webhook>", WEBHOOK).description("remove an endpoint; what waits is not sent"),
    run,
    {
      ask: ({ api }, _: CommonOptions, [id]) =>
        api.call({ method: "DELETE", path: `/webhooks/${id}`, answer: WebhookSchema }),
      print: (io, { webhook_id }) => io.out(`${webhook_id} is removed.\n`),
    },
  );
  const rotate = webhooks
    .command("rotate")
    .argument("<webhook>", WEBHOOK)
    .description("a new secret; the present one signs too for a while")
    .option("--overlap <hours>", "hours for which both sign, 0 to 168", "24");
  showAnswer(rotate, run, {
    ask: ({ api }, { overlap }: RotateOptions, [id]) =>
      api.call({
        ...{ method: "POST", path: `/webhooks/${id}/secret`, answer: NewSecretSchema },
        ...jsonBody({ overlap_hours: Number(overlap) }),
      }),
    print: (io, { webhook_id, secret, previous_secret_until: until }) => {
      if (until !== null) io.err(`The secret before it signs too, ${formatMoment(until, io.now())} at the latest.\n`);
      printSecret(io, webhook_id, secret);
    },
  });
};

/** Adds `webhooks add|list|on|off|remove|rotate|test|deliveries|resend`. */
export const addWebhooks = (program: Command, run: RunCommand): void => {
  const webhooks = program.command("webhooks").description("addresses of yours that are told what happened");
  addEndpoints(webhooks, run);
  showAnswer(webhooks.command("test").argument("<webhook>", WEBHOOK).description("send it a message to try it"), run, {
    ask: ({ api }, _: CommonOptions, [id]) =>
      api.call({ method: "POST", path: `/webhooks/${id}/test`, answer: WebhookDeliverySchema }),
    print: printSent,
  });
  const deliveries = webhooks
    .command("deliveries")
    .argument("<webhook>", WEBHOOK)
    .description("what was sent to it in the last 30 days, newest first")
    .addOption(new Option("--state <state>", "only those in this state").choices(DeliveryStateSchema.options))
    .addOption(limitOption())
    .addOption(cursorOption());
  showAnswer(deliveries, run, {
    ask: ({ api }, { state, limit, cursor }: DeliveriesOptions, [id]) =>
      api.call({ path: `/webhooks/${id}/deliveries`, query: { state, limit, cursor }, answer: DeliveryPageSchema }),
    print: (io, { items, next_cursor }) => {
      printDeliveries(io, items);
      io.err(moreHint(next_cursor));
    },
  });
  showAnswer(
    webhooks
      .command("resend")
      .argument("<webhook>", WEBHOOK)
      .argument("<delivery>", "id of the delivery, as webhooks deliveries lists it")
      .description("send a delivery again, with its id"),
    run,
    {
      ask: ({ api }, _: CommonOptions, [id, delivery]) =>
        api.call({
          ...{ method: "POST", path: `/webhooks/${id}/deliveries/${delivery}/resend` },
          answer: WebhookDeliverySchema,
        }),
      print: printSent,
    },
  );
};
