export { createApi } from "./api.ts";
export type * from "./deps.ts";
export type { InboxAlert, InboxEntry } from "./inbox.ts";
export { Inbox } from "./inbox.ts";
