/** Asks a running server, in Prometheus' API. */

interface VectorSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [timeS: number, value: string];
}

export async function queryVector(serverUrl: string, expr: string): Promise<VectorSample[]> {
  const { result } = await getData<{ result: VectorSample[] }>(
    `${serverUrl}/api/v1/query?query=${encodeURIComponent(expr)}`,
  );
  return result;
}

/** The `data` of a Prometheus-style answer. @throws with the error it gave instead */
export async function getData<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const answer = (await response.json()) as { status: string; error?: string; data: T };
  if (answer.status !== "success") throw new Error(`${url}: ${answer.error}`);
  return answer.data;
}
