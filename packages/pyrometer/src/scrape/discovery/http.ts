/**
 * Targets from a URL that answers with a list of groups. While it does not, the last good list
 * stays.
 *
 * Source: prometheus discovery/http
 */
import type { CancelTimer } from "../../std/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type { HttpDiscovery, TargetGroup } from "../config/types.ts";
import { FetchError } from "../fetcher.ts";
import { DISCOVERY_BODY_BYTES_MAX } from "../limits.ts";
import { withDeadline } from "../loop/deadline.ts";
import type { ScrapeProblem } from "../problem.ts";
import type { DiscoveryDeps, DiscoveryOptions, RunningDiscovery } from "./discovery.ts";
import { readTargetGroups } from "./target-groups.ts";

export function startHttpDiscovery(
  discovery: HttpDiscovery,
  { jobName, onChange }: DiscoveryOptions,
  deps: DiscoveryDeps,
): RunningDiscovery {
  const { clock, logger, metrics } = deps;
  const aborter = new AbortController();
  let cancelTimer: CancelTimer = () => {};
  let groups: readonly TargetGroup[] = [];
  let lastText: string | undefined;

  const poll = async () => {
    const answer = await ask(discovery, { jobName, signal: aborter.signal, deps });
    if (aborter.signal.aborted) return;
    if ("problems" in answer) {
      metrics.discoveryFailures.labels({ kind: "http" }).inc();
      lastText = undefined;
      onChange({ groups, problems: answer.problems });
    } else if (answer.text !== lastText) {
      groups = answer.groups;
      lastText = answer.text;
      onChange({ groups, problems: [] });
    }
    schedule(discovery.refreshIntervalMs);
  };
  const schedule = (delayMs: number) => {
    cancelTimer = clock.setTimer(delayMs, () => {
      poll().catch((error: unknown) => logger.error("BUG: HTTP discovery threw", { error }));
    });
  };
  schedule(0);
  return {
    stop() {
      cancelTimer();
      aborter.abort(new FetchError("canceled", "context canceled"));
    },
  };
}

interface Question {
  readonly jobName: string;
  readonly signal: AbortSignal;
  readonly deps: DiscoveryDeps;
}

type Answer =
  | { readonly groups: readonly TargetGroup[]; readonly text: string }
  | { readonly problems: readonly ScrapeProblem[] };

async function ask(discovery: HttpDiscovery, question: Question): Promise<Answer> {
  const { url } = discovery;
  const refuse = (reason: string): Answer => {
    const message = `Cannot read targets from "${url}": ${reason}`;
    const code = "scrape/discovery";
    return { problems: [{ severity: "error", code, job: question.jobName, message }] };
  };
  try {
    const { status, statusText, contentType, body } = await get(discovery, question);
    if (status !== 200) return refuse(`server returned HTTP status ${status} ${statusText}`);
    if (!/^application\/json\b/i.test(contentType)) {
      return refuse(`unsupported content type "${contentType}", expected application/json`);
    }
    const source = { name: url, text: Buffer.from(body).toString() };
    const { groups, errors } = readTargetGroups(source, { __meta_url: url });
    if (groups) return { groups, text: source.text };
    return refuse(errors.map((error) => error.message).join("; "));
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    return refuse(error.message);
  }
}

function get({ url, http, refreshIntervalMs }: HttpDiscovery, question: Question) {
  const { jobName, signal, deps } = question;
  return withDeadline({ clock: deps.clock, timeoutMs: refreshIntervalMs, signal }, (deadline) =>
    deps.fetcher.fetch({
      url,
      poolKey: jobName,
      http,
      headers: {
        accept: "application/json",
        "accept-encoding": "gzip",
        "x-prometheus-refresh-interval-seconds": String(refreshIntervalMs / MS_PER_SECOND),
      },
      bodyBytesMax: DISCOVERY_BODY_BYTES_MAX,
      signal: deadline,
    }),
  );
}
