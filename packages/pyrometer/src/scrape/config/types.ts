/**
 * What a scrape job is, after its section of prometheus.yml was read: every default filled in,
 * global settings folded in, durations in milliseconds, sizes in bytes. Plain data.
 */

export type RelabelAction =
  | "replace"
  | "keep"
  | "drop"
  | "keepequal"
  | "dropequal"
  | "hashmod"
  | "labelmap"
  | "labeldrop"
  | "labelkeep"
  | "lowercase"
  | "uppercase";

export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** RE2, already known to compile. */
  readonly regex: string;
  readonly targetLabel: string;
  readonly replacement: string;
  /** For hashmod; 0 otherwise. */
  readonly modulus: number;
}

/** Targets that share labels. `source` names where they came from and is unique in its job. */
export interface TargetGroup {
  readonly source: string;
  /** Label sets, each with at least `__address__`. */
  readonly targets: readonly Readonly<Record<string, string>>[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface FileDiscovery {
  readonly kind: "file";
  /** Paths or globs in the last element, made absolute against the configuration's folder. */
  readonly files: readonly string[];
  readonly refreshIntervalMs: number;
}

export interface HttpDiscovery {
  readonly kind: "http";
  readonly url: string;
  readonly refreshIntervalMs: number;
  readonly http: HttpClientConfig;
}

export interface StaticDiscovery {
  readonly kind: "static";
  readonly groups: readonly TargetGroup[];
}

export type Discovery = StaticDiscovery | FileDiscovery | HttpDiscovery;

/** How a client of ours speaks HTTP: Prometheus' http_config. Secrets stay out of logs and the API. */
export interface HttpClientConfig {
  readonly basicAuth?: {
    readonly username: string;
    readonly password?: string;
    readonly passwordFile?: string;
    readonly usernameFile?: string;
  };
  /** `type` is "Bearer" unless said. */
  readonly authorization?: {
    readonly type: string;
    readonly credentials?: string;
    readonly credentialsFile?: string;
  };
  readonly tls?: {
    readonly caFile?: string;
    readonly ca?: string;
    readonly certFile?: string;
    readonly cert?: string;
    readonly keyFile?: string;
    readonly key?: string;
    readonly serverName?: string;
    readonly insecureSkipVerify: boolean;
  };
  readonly followRedirects: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An exposition format in a version, as scrape_protocols names it. */
export type ScrapeProtocol =
  | "OpenMetricsText0.0.1"
  | "OpenMetricsText1.0.0"
  | "PrometheusProto"
  | "PrometheusText0.0.4"
  | "PrometheusText1.0.0";

export interface ScrapeConfig {
  readonly jobName: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: "http" | "https";
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly enableCompression: boolean;
  /** What to ask targets for, most wanted first. */
  readonly protocols: readonly ScrapeProtocol[];
  readonly nativeHistograms: boolean;
  /** Whether a histogram that is native is stored as a classic one, too. */
  readonly alwaysClassicHistograms: boolean;
  /** Finer native histograms are made coarser; 0 leaves them as they are. */
  readonly bucketFactorMin: number;
  /** Buckets of one native histogram; 0 is no limit. */
  readonly bucketLimit: number;
  /** Limits: 0 is none. */
  readonly bodySizeLimitBytes: number;
  readonly sampleLimit: number;
  readonly targetLimit: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
  readonly keepDroppedTargets: number;
  readonly http: HttpClientConfig;
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
  readonly discoveries: readonly Discovery[];
}
