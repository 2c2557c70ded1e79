/** Time range, refresh and variables of a dashboard. */
import { ActionIcon, Button, Menu, MultiSelect, Select, TextInput, Tooltip } from "@mantine/core";
import { clockText, momentText } from "../charts/ticks.ts";
import { ChevronIcon, ClockIcon, RefreshIcon } from "../icons.tsx";
import { ALL_VALUE, durationTextMs, printUnit, type TimeRangeText } from "../model.ts";
import type { TimeControl } from "./time-range.ts";
import type { ResolvedVariable, VariablesState } from "./variables.ts";

const RANGES: readonly (readonly [from: string, label: string])[] = [
  ["now-5m", "Last 5 minutes"],
  ["now-15m", "Last 15 minutes"],
  ["now-30m", "Last 30 minutes"],
  ["now-1h", "Last hour"],
  ["now-3h", "Last 3 hours"],
  ["now-6h", "Last 6 hours"],
  ["now-12h", "Last 12 hours"],
  ["now-24h", "Last 24 hours"],
];

const REFRESHES = ["", "5s", "10s", "30s", "1m", "5m"];

export function TimeToolbar({ time }: { readonly time: TimeControl }) {
  return (
    <div className="toolbar" role="toolbar" aria-label="Time">
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<ClockIcon />}
            rightSection={<ChevronIcon />}
            aria-label={`Time range: ${printRange(time.text, time)}`}
          >
            {printRange(time.text, time)}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {RANGES.map(([from, label]) => (
            <Menu.Item
              key={from}
              data-active={time.text.from === from && time.text.to === "now"}
              onClick={() => time.setRange({ from, to: "now" })}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <RefreshControl time={time} />
    </div>
  );
}

function RefreshControl({ time }: { readonly time: TimeControl }) {
  const choices = REFRESHES.includes(time.refresh) ? REFRESHES : [...REFRESHES, time.refresh];
  return (
    <div className="toolbar-refresh">
      <Tooltip label="Refresh now">
        <ActionIcon variant="default" size={30} aria-label="Refresh now" onClick={time.refreshNow}>
          <RefreshIcon />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            rightSection={<ChevronIcon />}
            aria-label={`Refresh every: ${time.refresh || "off"}`}
          >
            {time.refresh || "Off"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {choices.map((refresh) => (
            <Menu.Item
              key={refresh}
              data-active={time.refresh === refresh}
              onClick={() => time.setRefresh(refresh)}
            >
              {refresh === "" ? "Off" : `Every ${refresh}`}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function printRange(text: TimeRangeText, { range }: TimeControl): string {
  const known = text.to === "now" ? RANGES.find(([from]) => from === text.from) : undefined;
  if (known) return known[1];
  const durationMs = durationTextMs(text.from.replace(/^now-/, ""));
  if (text.to === "now" && durationMs) return `Last ${printUnit(durationMs, "ms")}`;
  const end = new Date(range.toMs);
  const isOneDay = new Date(range.fromMs).toDateString() === end.toDateString();
  const endText = isOneDay ? clockText(end, true) : momentText(range.toMs);
  return `${momentText(range.fromMs)} – ${endText}`;
}

export function VariableBar({ variables }: { readonly variables: VariablesState }) {
  const shown = (variables.resolved ?? []).filter(
    ({ variable }) =>
      !variable.isHidden && variable.kind !== "datasource" && variable.kind !== "adhoc",
  );
  if (shown.length === 0) return null;
  return (
    <div className="variables" role="toolbar" aria-label="Variables">
      {shown.map((resolved) => (
        <VariableControl
          key={resolved.variable.name}
          resolved={resolved}
          choose={(values) => variables.choose(resolved.variable.name, values)}
        />
      ))}
    </div>
  );
}

interface ControlProps {
  readonly resolved: ResolvedVariable;
  choose(values: readonly string[]): void;
}

function VariableControl({ resolved, choose }: ControlProps) {
  const { variable, chosen, error } = resolved;
  const label = variable.label || variable.name;
  if (variable.kind === "textbox") {
    return (
      <TextInput
        size="xs"
        label={label}
        defaultValue={chosen[0] ?? ""}
        onBlur={(event) => choose([event.currentTarget.value])}
      />
    );
  }
  const data = optionsOf(resolved);
  const common = { size: "xs", label, data, error, searchable: data.length > 8 } as const;
  if (variable.isMulti) {
    return (
      <MultiSelect
        {...common}
        value={[...chosen]}
        onChange={(values) => choose(withoutMixedAll(values, chosen))}
        hidePickedOptions
      />
    );
  }
  return (
    <Select
      {...common}
      value={chosen[0] ?? null}
      allowDeselect={false}
      onChange={(value) => value !== null && choose([value])}
    />
  );
}

function optionsOf({ variable, options }: ResolvedVariable) {
  // A select refuses two options of one value.
  const unique = new Map(options.map(({ text, value }) => [value, { label: text, value }]));
  return [...(variable.hasAll ? [{ label: "All", value: ALL_VALUE }] : []), ...unique.values()];
}

/** All and single values exclude each other: what was picked last wins. */
function withoutMixedAll(values: readonly string[], before: readonly string[]): readonly string[] {
  if (!values.includes(ALL_VALUE) || values.length === 1) return values;
  return before.includes(ALL_VALUE) ? values.filter((value) => value !== ALL_VALUE) : [ALL_VALUE];
}
