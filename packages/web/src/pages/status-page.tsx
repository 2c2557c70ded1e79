import { useStatus } from "../api/hooks.ts";
import type { Problem, Status } from "../api/types.ts";
import { agoText, momentText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { usePageTitle } from "../frame/page-title.ts";
import { printUnit } from "../model.ts";

export function StatusPage() {
  usePageTitle("Status");
  const { data, error } = useStatus();
  if (!data) return error ? <PageError what="the status" error={error} /> : <PageSkeleton />;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Status</h1>
          <p className="page-lead">
            Pyrometer {data.version}, up since {momentText(data.startedMs)}
          </p>
        </div>
      </div>
      {data.problems.length > 0 && <Problems problems={data.problems} />}
      <Components status={data} />
      <Facts status={data} />
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const ordered = [...problems].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <section className="card" aria-label="Problems">
      <h2 className="card-title">Problems</h2>
      <ul className="problems" data-testid="problems">
        {ordered.map((problem) => (
          <li
            key={`${problem.code} ${placeOf(problem)} ${problem.message}`}
            data-severity={problem.severity}
            data-code={problem.code}
          >
            <span className="state" data-state={problem.severity === "error" ? "error" : "warning"}>
              {problem.severity}
            </span>
            <div>
              <ProblemText problem={problem} />
              <small>{problem.code}</small>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The message wraps; the line it is about, with its carets below, must not. */
function ProblemText({ problem }: { readonly problem: Problem }) {
  const [, ...excerpt] = (problem.rendered ?? "").split("\n");
  const place = placeOf(problem);
  const { message } = problem;
  return (
    <>
      <p>
        {place !== "" && <code>{place} </code>}
        {message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message}
      </p>
      {excerpt.length > 0 && <pre>{excerpt.join("\n")}</pre>}
    </>
  );
}

function placeOf({ file, line, column }: Problem): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

const COMPONENT_MARKS = { ok: "ok", degraded: "warning", failed: "error" } as const;

function Components({ status }: { readonly status: Status }) {
  return (
    <section className="card" aria-label="Components">
      <h2 className="card-title">Components</h2>
      <ul className="list">
        {status.components.map(({ name, state, detail }) => (
          <li className="list-row" key={name} data-component={name} data-state={state}>
            <span className="state" data-state={COMPONENT_MARKS[state]}>
              {state}
            </span>
            <div className="list-main">
              <strong>{name}</strong>
              <p>{detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Facts({ status }: { readonly status: Status }) {
  const { store, lastReload, externalUrl } = status;
  const reloadText = lastReload.ok
    ? `loaded ${agoText(lastReload.atMs, Date.now())}`
    : `refused ${agoText(lastReload.atMs, Date.now())}: ${lastReload.error ?? "see problems"}`;
  const facts: readonly (readonly [string, string])[] = [
    ["Store", `${store.kind}: ${store.note || "history is lost on restart"}`],
    ["Series", printUnit(store.seriesCount, "locale")],
    ["Samples", printUnit(store.sampleCount, "locale")],
    ["Configuration", reloadText],
    ["Address", externalUrl],
  ];
  return (
    <section className="card" aria-label="Server">
      <h2 className="card-title">Server</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div className="fact" key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
