import { useTargets } from "../api/hooks.ts";
import type { Target, Targets } from "../api/types.ts";
import { agoText } from "../charts/ticks.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { usePageTitle } from "../frame/page-title.ts";
import { printUnit } from "../model.ts";
import { LabelChips } from "./label-chips.tsx";

export function TargetsPage() {
  usePageTitle("Targets");
  const { data, error } = useTargets();
  if (!data) return error ? <PageError what="the targets" error={error} /> : <PageSkeleton />;
  const downCount = data.activeTargets.filter(({ health }) => health === "down").length;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Targets</h1>
          <p className="page-lead">{summary(data, downCount)}</p>
        </div>
      </div>
      {byPool(data.activeTargets).map(([pool, targets]) => (
        <Pool key={pool} name={pool} targets={targets} />
      ))}
      {data.activeTargets.length === 0 && (
        <p className="page-empty">Nothing is scraped. Add scrape_configs to prometheus.yml.</p>
      )}
    </div>
  );
}

function summary({ activeTargets, droppedTargets }: Targets, downCount: number): string {
  const parts = [`${activeTargets.length} active`];
  if (downCount > 0) parts.push(`${downCount} down`);
  if (droppedTargets.length > 0) parts.push(`${droppedTargets.length} dropped by relabelling`);
  return parts.join(" · ");
}

function byPool(targets: readonly Target[]): [string, Target[]][] {
  const pools = new Map<string, Target[]>();
  for (const target of targets) {
    const pool = pools.get(target.scrapePool) ?? [];
    pool.push(target);
    pools.set(target.scrapePool, pool);
  }
  return [...pools].sort(([a], [b]) => a.localeCompare(b));
}

function Pool({ name, targets }: { readonly name: string; readonly targets: readonly Target[] }) {
  const upCount = targets.filter(({ health }) => health === "up").length;
  return (
    <section className="card" aria-label={`Job ${name}`}>
      <h2 className="card-title">
        {name}
        <span className="state" data-state={upCount === targets.length ? "ok" : "error"}>
          {upCount}/{targets.length} up
        </span>
      </h2>
      <ul className="list">
        {targets.map((target) => (
          <TargetRow key={`${target.scrapeUrl} ${JSON.stringify(target.labels)}`} target={target} />
        ))}
      </ul>
    </section>
  );
}

function TargetRow({ target }: { readonly target: Target }) {
  const { health, scrapeUrl, labels, lastError, lastScrape, lastScrapeDuration } = target;
  const state = health === "up" ? "ok" : health === "down" ? "error" : "idle";
  return (
    <li className="list-row" data-health={health} data-job={labels.job}>
      <span className="state" data-state={state}>
        {health}
      </span>
      <div className="list-main">
        <code>{scrapeUrl}</code>
        <LabelChips labels={labels} hidden={["job"]} />
        {lastError !== "" && <p className="error-text">{lastError}</p>}
      </div>
      <div className="list-end">
        {agoText(Date.parse(lastScrape), Date.now()) || "not yet"}
        {health !== "unknown" && <small>{printUnit(lastScrapeDuration, "s")}</small>}
      </div>
    </li>
  );
}
