/**
 * What a target is asked for, by the names of scrape_protocols.
 * Source: Prometheus 3.14, scrape/scrape.go, acceptHeader
 */
import type { ScrapeProtocol } from "../config/types.ts";

const MEDIA_TYPES: Readonly<Record<ScrapeProtocol, string>> = {
  PrometheusProto:
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
  "PrometheusText0.0.4": "text/plain;version=0.0.4",
  "PrometheusText1.0.0": "text/plain;version=1.0.0;escaping=allow-utf-8",
  "OpenMetricsText0.0.1": "application/openmetrics-text;version=0.0.1",
  "OpenMetricsText1.0.0": "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8",
};

/** The first is wanted most; any other format is better than none. */
export function acceptHeader(protocols: readonly ScrapeProtocol[]): string {
  const tenths = Object.keys(MEDIA_TYPES).length + 1;
  const wanted = [...protocols.map((protocol) => MEDIA_TYPES[protocol]), "*/*"];
  return wanted.map((mediaType, i) => `${mediaType};q=0.${tenths - i}`).join(",");
}
