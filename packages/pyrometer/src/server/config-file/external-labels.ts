import type { Environment } from "../../config/index.ts";
import { Labels } from "../../model/index.ts";
import type { FileReport } from "./file-report.ts";

/**
 * Fills `$NAME` and `${NAME}` in from the environment, as Prometheus 3 does for external labels
 * and for nothing else. `$$` is a dollar. An unset name leaves nothing, with a warning.
 */
export function expandLabels(
  labels: Readonly<Record<string, string>>,
  environment: Environment | undefined,
  report: FileReport,
): Labels {
  if (!environment) return Labels.from(labels);
  const expanded = Object.entries(labels).map(([label, text]) => {
    const value = text.replace(
      /\$(?:\$|\{([^}]*)\}|(\w+))/g,
      (whole, braced?: string, plain?: string) => {
        if (whole === "$$") return "$";
        const name = braced ?? plain ?? "";
        const found = environment[name] ?? "";
        if (found === "") {
          const problem = `Cannot fill in "${name}": not in the environment, expected a value`;
          report.warn(problem, ["global", "external_labels", label]);
        }
        return found;
      },
    );
    return [label, value] as const;
  });
  return Labels.from(expanded);
}
