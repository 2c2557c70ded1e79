/** What a page shows before it has anything, and when it cannot. */
import { ApiError } from "../api/client.ts";

/** Empty for the first 200 ms: what comes faster needs no placeholder. */
export function PageSkeleton() {
  return (
    <div className="page-skeleton" aria-busy="true">
      <div />
      <div />
      <div />
    </div>
  );
}

export function PageError({ what, error }: { readonly what: string; readonly error: Error }) {
  const isMissing = error instanceof ApiError && error.kind === "not_found";
  return (
    <div className="page-error" role="alert">
      <h1>{isMissing ? "Not found" : `Cannot show ${what}`}</h1>
      <p>{error.message}</p>
    </div>
  );
}
