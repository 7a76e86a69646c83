import { en } from "../messages/en.ts";
import { formatBytes, formatCount, formatDelay, formatRate } from "./format.ts";
import type { Series, Snapshot } from "./frame.ts";
import { Sparkline } from "./sparkline.tsx";

interface Figure {
  readonly value: string;
  readonly unit: string;
}

const { requests, visitors, memory, delay } = en.control;
const toRequests = (value: number): Figure => ({ value: formatRate(value), unit: requests.unit });
const toVisitors = (value: number): Figure => ({ value: formatCount(value), unit: visitors.unit });
const toDelay = (value: number): Figure => ({ value: formatDelay(value), unit: delay.unit });

/** The four numbers that say how the server is. */
export function Tiles({ snapshot }: { snapshot: Snapshot | undefined }) {
  const series = snapshot?.series;
  return (
    <section className="tiles" aria-label={en.control.tiles}>
      <Tile {...requests} value={snapshot?.requestsPerSecond} series={series?.requestsPerSecond} write={toRequests} />
      <Tile {...visitors} value={snapshot?.activeVisitors} series={series?.activeVisitors} write={toVisitors} />
      <Tile {...memory} value={snapshot?.memoryBytes} series={series?.memoryBytes} write={formatBytes} />
      <Tile {...delay} value={snapshot?.loopDelayMs} series={series?.loopDelayMs} write={toDelay} />
    </section>
  );
}

interface TileProps {
  readonly label: string;
  readonly note: string;
  readonly value: number | undefined;
  readonly series: Series | undefined;
  readonly write: (value: number) => Figure;
}

function Tile({ label, note, value, series, write }: TileProps) {
  const figure = value === undefined ? undefined : write(value);
  return (
    <div className="tile">
      <h2>{label}</h2>
      {/* The unit stands apart from the number: beside it, it would move whenever the number gets a digit more. */}
      <p className="unit">{figure?.unit}</p>
      <p className="figure">{figure === undefined ? <span className="bone" /> : figure.value}</p>
      <p className="note">{note}</p>
      <Sparkline label={label} series={series ?? []} write={(one) => `${write(one).value} ${write(one).unit}`} />
    </div>
  );
}
