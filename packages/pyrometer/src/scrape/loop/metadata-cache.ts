/** Type, help and unit of one target's metrics, as its last scrapes told them. */
import type { MetadataEntry } from "../../exposition/index.ts";
import { detach } from "../../exposition/index.ts";
import { SCRAPES_UNSEEN_MAX } from "../limits.ts";

interface Entry {
  type: string;
  help: string;
  unit: string;
  seenIn: number;
}

export class MetadataCache {
  readonly #byMetric = new Map<string, Entry>();
  #scrape = 1;

  add(told: MetadataEntry): void {
    const entry = this.#byMetric.get(told.metric) ?? this.#create(told.metric);
    entry.seenIn = this.#scrape;
    switch (told.kind) {
      case "type":
        entry.type = told.type;
        return;
      case "help":
        // Mostly the same text as last time: keep the copy there is.
        if (entry.help !== told.text) entry.help = detach(told.text);
        return;
      case "unit":
        if (entry.unit !== told.text) entry.unit = detach(told.text);
        return;
    }
  }

  finishScrape(): void {
    for (const [metric, { seenIn }] of this.#byMetric) {
      if (this.#scrape - seenIn > SCRAPES_UNSEEN_MAX) this.#byMetric.delete(metric);
    }
    this.#scrape += 1;
  }

  list(): { metric: string; type: string; help: string; unit: string }[] {
    return [...this.#byMetric].map(([metric, { type, help, unit }]) => ({
      metric,
      type,
      help,
      unit,
    }));
  }

  #create(metric: string): Entry {
    const entry: Entry = { type: "unknown", help: "", unit: "", seenIn: this.#scrape };
    this.#byMetric.set(detach(metric), entry);
    return entry;
  }
}
