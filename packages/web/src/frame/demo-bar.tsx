/** The demo's faults as switches, each with the alert to expect and how far that has come. */
import { Switch } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useDemo, useInbox, useRules, useSwitchScenario } from "../api/hooks.ts";
import type { Scenario } from "../api/types.ts";
import { ChevronIcon, FlameIcon } from "../icons.tsx";
import { PROGRESS_STEPS, type Progress, progressOf } from "./demo-progress.ts";

export function DemoBar() {
  const { data } = useDemo(true);
  const [isOpen, setIsOpen] = useLocalStorage({
    key: "pyrometer-demo-bar",
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  const scenarios = data?.scenarios ?? [];
  const activeCount = scenarios.filter(({ active }) => active).length;
  return (
    <section className="demo" aria-label="Demo faults" data-open={isOpen}>
      <button
        type="button"
        className="demo-title"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <FlameIcon />
        <span>Start a fault</span>
        {activeCount > 0 && <b>{activeCount} on</b>}
        <ChevronIcon />
      </button>
      {isOpen && <Scenarios scenarios={scenarios} />}
    </section>
  );
}

function Scenarios({ scenarios }: { readonly scenarios: readonly Scenario[] }) {
  const rules = useRules();
  const inbox = useInbox();
  return (
    <ul className="demo-list">
      {scenarios.map((scenario) => (
        <ScenarioItem
          key={scenario.name}
          scenario={scenario}
          progress={progressOf(scenario, rules.data?.groups ?? [], inbox.data ?? [])}
        />
      ))}
    </ul>
  );
}

function ScenarioItem({
  scenario,
  progress,
}: {
  readonly scenario: Scenario;
  readonly progress: Progress;
}) {
  const toggle = useSwitchScenario();
  const { name, title, description, expects, active } = scenario;
  const isShownActive = toggle.isPending ? toggle.variables.active : active;
  return (
    <li
      className="demo-item"
      data-scenario={name}
      data-active={active}
      data-progress={progress}
      title={description}
    >
      <Switch
        size="xs"
        checked={isShownActive}
        onChange={(event) => toggle.mutate({ name, active: event.currentTarget.checked })}
        label={title}
        aria-label={name}
      />
      <div className="demo-progress">
        <span className="demo-expects">{expects}</span>
        <span className="demo-state" role="status">
          {progress}
        </span>
      </div>
      <span className="demo-steps" aria-hidden="true">
        {PROGRESS_STEPS.slice(1).map((step) => (
          <i
            key={step}
            data-reached={PROGRESS_STEPS.indexOf(progress) >= PROGRESS_STEPS.indexOf(step)}
          />
        ))}
      </span>
    </li>
  );
}
