/**
 * `npm run bench -- WHAT [options]`: measures us beside others, in one run on one machine, and prints
 * one JSON line per measurement. Ratios mean something, absolute numbers only beside their peers.
 */
import { benchQueries } from "./query.mjs";

const USAGE = `usage: npm run bench -- query [options]
  --against NAME=URL   a server that holds the same samples already (see --keep); may be repeated
  --sets LIST          of "small" (1,984 series, 6 h) and "large" (19,840 series, 2 h); default both
  --runs N             timed runs per query and server (default 9, at most 12)
  --only LIST          names of queries, by comma
  --keep DIR           writes the samples there and leaves them: small.om and large.om
  --encoding NAME      "identity", or "gzip" as browsers ask for: some servers then compress
  --no-peers           starts no Prometheus and no VictoriaMetrics found on the PATH
`;

function readOptions(args) {
  const options = {
    against: [],
    sets: ["small", "large"],
    runs: 9,
    encoding: "identity",
    only: [],
    keep: "",
    peers: true,
  };
  for (let i = 0; i < args.length; i++) {
    const flag = args[i];
    if (flag === "--no-peers") {
      options.peers = false;
      continue;
    }
    const value = args[++i];
    if (value === undefined) throw new Error(`Cannot read "${flag}": a value is missing`);
    if (flag === "--against") options.against.push(readServer(value));
    else if (flag === "--sets") options.sets = value.split(",");
    else if (flag === "--runs") options.runs = Math.min(12, Number(value));
    else if (flag === "--only") options.only = value.split(",");
    else if (flag === "--encoding") options.encoding = value;
    else if (flag === "--keep") options.keep = value;
    else throw new Error(`Cannot read "${flag}": no such option`);
  }
  return options;
}

function readServer(text) {
  const [, name, url] = /^([^=]+)=(https?:.+?)\/?$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`Cannot read "--against ${text}": expected NAME=URL`);
  return { name, url };
}

const [what, ...args] = process.argv.slice(2);
if (what !== "query") {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  process.exitCode = await benchQueries(readOptions(args));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
