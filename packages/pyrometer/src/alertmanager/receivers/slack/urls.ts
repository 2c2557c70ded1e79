/** Where Slack takes messages from apps, with a token; a webhook has an address of its own. */
export const SLACK_APP_URL = "https://slack.com/api/chat.postMessage";
