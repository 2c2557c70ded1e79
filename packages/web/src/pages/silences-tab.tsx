import { Button } from "@mantine/core";
import { useExpireSilence, useSilences } from "../api/hooks.ts";
import type { Silence } from "../api/types.ts";
import { momentText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { printMatcher } from "./matchers.ts";
import { SilenceButton } from "./silence-form.tsx";

const ORDER = { active: 0, pending: 1, expired: 2 };

export function SilencesTab() {
  const { data, error } = useSilences();
  if (!data) return error ? <PageError what="the silences" error={error} /> : <PageSkeleton />;
  const ordered = [...data].sort((a, b) => ORDER[a.status.state] - ORDER[b.status.state]);
  return (
    <section className="card" aria-label="Silences">
      <h2 className="card-title">
        Silences
        <SilenceButton />
      </h2>
      <ul className="list">
        {ordered.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} />
        ))}
      </ul>
      {data.length === 0 && <p className="page-empty">Nothing is silenced.</p>}
    </section>
  );
}

function SilenceRow({ silence }: { readonly silence: Silence }) {
  const expire = useExpireSilence();
  const { id, matchers, status, createdBy, comment, endsAt } = silence;
  const isExpired = status.state === "expired";
  return (
    <li className="list-row" data-silence-id={id} data-silence-state={status.state}>
      <span className="state" data-state={status.state === "active" ? "warning" : "idle"}>
        {status.state}
      </span>
      <div className="list-main">
        <span className="chips">
          {matchers.map((matcher) => (
            <code className="chip" key={printMatcher(matcher)}>
              {printMatcher(matcher)}
            </code>
          ))}
        </span>
        <p>
          {comment}
          <small>
            {" "}
            by {createdBy}, {isExpired ? "ended" : "until"} {momentText(Date.parse(endsAt))}
          </small>
        </p>
        {expire.error && <p className="error-text">{expire.error.message}</p>}
      </div>
      {!isExpired && (
        <div className="list-end">
          <Button
            size="xs"
            variant="default"
            loading={expire.isPending}
            onClick={() => expire.mutate(id)}
          >
            Expire
          </Button>
        </div>
      )}
    </li>
  );
}
