export type { OtlpOptions } from "./options.ts";
export { pushMetrics } from "./push-metrics.ts";
export type { Temporality } from "./to-otlp.ts";
