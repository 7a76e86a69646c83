import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { SnapshotReason } from "../protocol/frame.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";
import type { Block } from "./block-cache.ts";
import type { CatchUp } from "./catch-up.ts";
import type { Delivery } from "./delivery.ts";
import type { Member } from "./member.ts";
import type { SnapshotForm } from "./snapshot-form.ts";
import type { Snapshots } from "./snapshots.ts";

/** What fetching for members needs of the room. */
export interface SupplyServices {
  readonly name: string;
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly catchUp: CatchUp;
  readonly snapshots: Snapshots;
  /** A snapshot that is further behind is not given. */
  readonly resumeEntries: number;
  /** It can never be had: the member must go. */
  readonly leave: (member: Member, code: ErrorCode) => void;
}

const retryMs = 100;

/** Fetches what a member needs and memory does not have, again and again until it is there or no longer wanted. */
export class MemberSupply {
  readonly #services: SupplyServices;

  constructor(services: SupplyServices) {
    this.#services = services;
  }

  /** The public state. */
  snapshot(member: Member, why: SnapshotReason): void {
    const { delivery, snapshots, catchUp, resumeEntries } = this.#services;
    const arrived = member.wait();
    const waitMs = member.snapshotDueIn(this.#services.clock.monotonic());
    if (waitMs > 0) {
      this.#services.clock.after(waitMs, () => {
        if (arrived()) this.snapshot(member, why);
      });
      return;
    }
    if (why === "epoch") snapshots.disown(member.position);
    // What it has seen already is no way forward.
    const near = (delivery.delivered?.count ?? 0) - resumeEntries;
    const least = Math.max(member.fromCount, near, why === "gap" ? member.position.count + 1 : 0);
    const give = (snapshot: SnapshotForm): void => {
      if (snapshot.position.epoch !== delivery.delivered?.epoch) {
        // The log has begun, or begun anew, since one of the two was looked at.
        snapshots.forget();
        catchUp.look();
        return this.#later(member, undefined, again);
      }
      if (!arrived()) return;
      member.sending = { snapshot, why, nextPart: 0 };
      delivery.pump(member);
    };
    const again = (): void => {
      if (arrived()) this.snapshot(member, why);
    };
    const making = snapshots.get(delivery.delivered?.epoch ?? "", least).then((snapshot) => snapshot.formFor(member, why));
    making.then(give, (error: unknown) => this.#later(member, error, again));
  }

  /** The entries after its position. */
  block(member: Member): void {
    const { catchUp, delivery } = this.#services;
    const arrived = member.wait();
    const { count } = member.position;
    const again = (): void => {
      if (!arrived()) return;
      catchUp.look();
      delivery.pump(member);
    };
    const give = (block: Block): void => {
      // The log is shorter than what was delivered: a look will tell.
      if (block.first <= count + 1 && block.last <= count) this.#later(member, undefined, again);
      else if (arrived()) delivery.takeBlock(member, block);
    };
    catchUp.block(count).then(give, (error: unknown) => this.#later(member, error, again));
  }

  #later(member: Member, error: unknown, again: () => void): void {
    const { leave, name, clock } = this.#services;
    if (error === undefined || isPassing(error)) {
      clock.after(retryMs, again);
      return;
    }
    if (!member.isGone) report("error", { where: `reading ${name}`, error });
    leave(member, error instanceof NexiosError ? error.code : "INTERNAL");
  }
}

/** Whether it may well be there at the next try. */
function isPassing(error: unknown): boolean {
  return error instanceof NexiosError && (isRetryable(error.code) || error.code === "GAP");
}
