/** Whether two servers gave the same answer to a range query. */

/** Prometheus adds in another order here and there; what differs more is another result. */
const RELATIVE_ERROR_MAX = 1e-9;

/** Compares series by labels and points by time; `isSame` when nothing but the last bits differ. */
export function compareAnswers(ours, theirs) {
  const byLabels = new Map(theirs.map((series) => [keyOf(series), new Map(series.values)]));
  let relativeError = 0;
  let oddCount = Math.abs(ours.length - theirs.length);
  for (const series of ours) {
    const values = byLabels.get(keyOf(series));
    if (values === undefined) {
      oddCount += 1;
      continue;
    }
    oddCount += Math.abs(values.size - series.values.length);
    for (const [time, text] of series.values) {
      const other = values.get(time);
      if (other === undefined) oddCount += 1;
      else relativeError = Math.max(relativeError, errorOf(Number(text), Number(other)));
    }
  }
  const isSame = oddCount === 0 && relativeError <= RELATIVE_ERROR_MAX;
  return { isSame, oddCount, relativeError: Number(relativeError.toPrecision(2)) };
}

function keyOf({ metric }) {
  return JSON.stringify(Object.entries(metric).sort());
}

function errorOf(a, b) {
  if (Object.is(a, b) || a === b) return 0;
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}
