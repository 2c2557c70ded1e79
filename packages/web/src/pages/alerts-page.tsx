import { Tabs } from "@mantine/core";
import { useSearchParams } from "react-router";
import { usePageTitle } from "../frame/page-title.ts";
import { NotificationsTab } from "./notifications-tab.tsx";
import { RulesTab } from "./rules-tab.tsx";
import { SilencesTab } from "./silences-tab.tsx";

/** Rules that may fire, what the Alertmanager holds of those that do, and what is silenced. */
export function AlertsPage() {
  usePageTitle("Alerts");
  const [params, setParams] = useSearchParams();
  const tab = params.get("tab") ?? "rules";
  return (
    <div className="page">
      <div className="page-head">
        <h1>Alerts</h1>
      </div>
      <Tabs
        value={tab}
        onChange={(next) => setParams(next ? { tab: next } : {}, { replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="rules">Rules</Tabs.Tab>
          <Tabs.Tab value="notifications">Alertmanager</Tabs.Tab>
          <Tabs.Tab value="silences">Silences</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rules">{tab === "rules" && <RulesTab />}</Tabs.Panel>
        <Tabs.Panel value="notifications">
          {tab === "notifications" && <NotificationsTab />}
        </Tabs.Panel>
        <Tabs.Panel value="silences">{tab === "silences" && <SilencesTab />}</Tabs.Panel>
      </Tabs>
    </div>
  );
}
