/**
 * What notifications say when a file says nothing. The names are Alertmanager's, so that user
 * files can take their place one by one, and users find the shapes they know.
 */
import type { Source } from "../../std/index.ts";

/** `[FIRING:2] HighLatency api (prod eu)`: status, group labels, then what all alerts share. */
const SUBJECT = `
{{- define "__subject" -}}
  [{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ len .Alerts.Firing }}{{ end }}]
  {{- with .GroupLabels.SortedPairs.Values | join " " }} {{ . }}{{ end }}
  {{- with .CommonLabels.Remove .GroupLabels.Names }} ({{ .Values | join " " }}){{ end }}
{{- end -}}`;

const SHARED = `
{{- define "__alertmanager" }}Alertmanager{{ end -}}
{{- define "__alertmanagerURL" -}}
  {{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}
{{- end -}}
{{- define "__description" }}{{ end -}}
{{- define "__text_alert_list" -}}
{{ range . }}Labels:
{{ range .Labels.SortedPairs }} - {{ .Name }} = {{ .Value }}
{{ end }}Annotations:
{{ range .Annotations.SortedPairs }} - {{ .Name }} = {{ .Value }}
{{ end }}Source: {{ .GeneratorURL }}
{{ end }}
{{- end -}}`;

/** The text names each alert, so that a reader need not follow the link to know what is wrong. */
const SLACK = `
{{- define "slack.default.title" }}{{ template "__subject" . }}{{ end -}}
{{- define "slack.default.username" }}{{ template "__alertmanager" . }}{{ end -}}
{{- define "slack.default.fallback" -}}
  {{ template "slack.default.title" . }} | {{ template "slack.default.titlelink" . }}
{{- end -}}
{{- define "slack.default.callbackid" }}{{ end -}}
{{- define "slack.default.pretext" }}{{ end -}}
{{- define "slack.default.titlelink" }}{{ template "__alertmanagerURL" . }}{{ end -}}
{{- define "slack.default.iconemoji" }}{{ end -}}
{{- define "slack.default.iconurl" }}{{ end -}}
{{- define "slack.default.text" -}}
  {{ range .Alerts }}
    {{- with or .Annotations.summary .Annotations.description }}{{ . }}
{{ end }}
  {{- end }}
{{- end -}}
{{- define "slack.default.footer" }}{{ end -}}
{{- define "slack.default.color" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end -}}`;

const PAGERDUTY = `
{{- define "pagerduty.default.description" }}{{ template "__subject" . }}{{ end -}}
{{- define "pagerduty.default.client" }}{{ template "__alertmanager" . }}{{ end -}}
{{- define "pagerduty.default.clientURL" }}{{ template "__alertmanagerURL" . }}{{ end -}}
{{- define "pagerduty.default.instances" }}{{ template "__text_alert_list" . }}{{ end -}}`;

export const DEFAULT_TEMPLATES: readonly Source[] = [
  { name: "<default subject>", text: SUBJECT },
  { name: "<default shared>", text: SHARED },
  { name: "<default slack>", text: SLACK },
  { name: "<default pagerduty>", text: PAGERDUTY },
];

/** What a PagerDuty event tells besides its title, unless the file gives a detail of that name. */
export const PAGERDUTY_DETAILS: Readonly<Record<string, string>> = {
  firing: "{{ .Alerts.Firing | toJson }}",
  resolved: "{{ .Alerts.Resolved | toJson }}",
  num_firing: "{{ .Alerts.Firing | len }}",
  num_resolved: "{{ .Alerts.Resolved | len }}",
};
