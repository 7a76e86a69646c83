type Check = (value: unknown, path: string) => void;

const text: Check = (value, path) => require(typeof value === "string", path, "a text");
const flag: Check = (value, path) => require(typeof value === "boolean", path, "true or false");
const double: Check = (value, path) => require(typeof value === "number" && Number.isFinite(value), path, "a number");
/** 64 bits, unsigned: a text of digits. */
const uint64: Check = (value, path) => require(typeof value === "string" && /^(0|[1-9]\d*)$/.test(value) && BigInt(value) < 2n ** 64n, path, "digits");
const int32: Check = (value, path) => require(Number.isInteger(value) && Math.abs(value as number) < 2 ** 31, path, "a whole number");
const temporality: Check = (value, path) => require(value === 1 || value === 2, path, "1 or 2");

function list(each: Check, least = 0): Check {
  return (value, path) => {
    require(Array.isArray(value) && value.length >= least, path, `a list of at least ${least}`);
    for (const [index, item] of (value as unknown[]).entries()) each(item, `${path}[${index}]`);
  };
}

function message(needed: Readonly<Record<string, Check>>, possible: Readonly<Record<string, Check>> = {}): Check {
  return (value, path) => {
    require(typeof value === "object" && value !== null && !Array.isArray(value), path, "a message");
    const fields = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(needed)) require(name in fields, `${path}.${name}`, "there");
    for (const [name, field] of Object.entries(fields)) {
      const check = needed[name] ?? possible[name];
      require(check !== undefined, `${path}.${name}`, "a field of the message");
      check?.(field, `${path}.${name}`);
    }
  };
}

function oneOf(names: readonly string[]): Check {
  return (value, path) => require(names.filter((name) => name in (value as object)).length === 1, path, `with one of ${names.join(", ")}`);
}

function all(...checks: readonly Check[]): Check {
  return (value, path) => checks.forEach((check) => check(value, path));
}

const attributes = list(message({ key: text, value: all(message({}, { stringValue: text, boolValue: flag }), oneOf(["stringValue", "boolValue"])) }));
const sumPoint = message({ attributes, startTimeUnixNano: uint64, timeUnixNano: uint64, asDouble: double });
const gaugePoint = message({ attributes, timeUnixNano: uint64, asDouble: double });
const buckets = message({ offset: int32, bucketCounts: list(uint64, 1) });
const exponentialPoint = all(
  message(
    { attributes, startTimeUnixNano: uint64, timeUnixNano: uint64, count: uint64, sum: double, scale: int32, zeroCount: uint64 },
    { positive: buckets, min: double, max: double },
  ),
  (value, path) => {
    // It was just looked at.
    const { count, zeroCount, positive } = value as {
      readonly count: string;
      readonly zeroCount: string;
      readonly positive?: { readonly bucketCounts: readonly string[] };
    };
    const inBuckets = positive?.bucketCounts.reduce((sum, each) => sum + Number(each), 0) ?? 0;
    require(Number(count) === Number(zeroCount) + inBuckets, path, "of as many values as its buckets");
  },
);
const metric = all(
  message(
    { name: text },
    {
      description: text,
      unit: text,
      sum: message({ dataPoints: list(sumPoint, 1), aggregationTemporality: temporality, isMonotonic: flag }),
      gauge: message({ dataPoints: list(gaugePoint, 1) }),
      exponentialHistogram: message({ dataPoints: list(exponentialPoint, 1), aggregationTemporality: temporality }),
    },
  ),
  oneOf(["sum", "gauge", "exponentialHistogram"]),
);
const request = message({
  resourceMetrics: list(
    message({ resource: message({ attributes }), scopeMetrics: list(message({ scope: message({ name: text }), metrics: list(metric, 1) }), 1) }),
    1,
  ),
});

/** Whether a body is an ExportMetricsServiceRequest in the JSON form of OTLP 1.x, with the fields that we send and no others. @throws Error that says where it is not */
export function checkOtlp(body: unknown): void {
  request(body, "request");
}

function require(isSo: boolean, path: string, what: string): void {
  if (!isSo) throw new Error(`${path} is not ${what}`);
}
