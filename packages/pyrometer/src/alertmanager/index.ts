/**
 * ALERT → NOTIFY: takes alerts, routes, groups, inhibits, silences, and tells receivers once.
 * Alertmanager's files, semantics and words.
 */
export type { Alert, Annotations, PostableAlert } from "./alert.ts";
export { createAlertmanager } from "./alertmanager.ts";
export type { LoadOptions } from "./config/load.ts";
export { loadAlertmanagerConfig } from "./config/load.ts";
export type {
  AlertmanagerConfig,
  DisabledReceiver,
  HttpClientConfig,
  InhibitRule,
  IntegrationConfig,
  ReceiverConfig,
  RouteConfig,
} from "./config/types.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { createHttpSender } from "./io/http-sender.ts";
export {
  createAlertMatcher,
  printAlertMatcher,
  printAlertMatchers,
} from "./matchers/matcher.ts";
export { MatcherError } from "./matchers/matcher-error.ts";
export { parseMatcher, parseMatchers } from "./matchers/parse.ts";
export type { Held, HoldReason } from "./pipeline/stage.ts";
export { pagerdutyBaseUrls } from "./receivers/pagerduty/urls.ts";
export { routesFor } from "./routing/match.ts";
export type { Route } from "./routing/route.ts";
export { createRoute, walkRoutes } from "./routing/route.ts";
export type { SendErrorCode } from "./send-error.ts";
export { SendError } from "./send-error.ts";
export type {
  PostableSilence,
  Silence,
  SilenceFilter,
  SilenceMatcher,
  SilenceState,
  Silences,
} from "./silence/silences.ts";
export { SilenceError } from "./silence/silences.ts";
export type {
  AlertFilter,
  AlertGroup,
  Alertmanager,
  AlertmanagerDeps,
  AlertmanagerStatus,
  AlertState,
  AlertStatus,
  BaseUrls,
  DeliveryAttempt,
  FailureReason,
  GettableAlert,
  HttpReply,
  HttpRequest,
  HttpSender,
} from "./types.ts";
