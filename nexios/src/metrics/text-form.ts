/** The two forms of text in which metrics are scraped: that of Prometheus since 2014, and OpenMetrics 1.0. */
export type TextForm = "prometheus" | "openmetrics";

export const contentTypes: Readonly<Record<TextForm, string>> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The form that a scraper would rather have, by its Accept header (RFC 9110, 12.5.1): OpenMetrics where it is named at least as high as plain text, in version 1.0. */
export function toTextForm(accept: string | undefined): TextForm {
  let [openmetrics, plain] = [0, 0];
  for (const range of (accept ?? "").split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const given = new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string | undefined]));
    const weight = given.has("q") ? Number(given.get("q")) : 1;
    if (!(weight > 0)) continue;
    const isOurs = ["1.0.0", undefined].includes(given.get("version")?.replaceAll('"', ""));
    if (type === "application/openmetrics-text" && isOurs) openmetrics = Math.max(openmetrics, weight);
    if (type === "text/plain") plain = Math.max(plain, weight);
  }
  return openmetrics > 0 && openmetrics >= plain ? "openmetrics" : "prometheus";
}
