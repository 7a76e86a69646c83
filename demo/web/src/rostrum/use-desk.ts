import type { Auction } from "nexios/auction";
import type { ClientRoom } from "nexios/client";
import { useState } from "react";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";
import { rostrumWords } from "../messages/en-rostrum.ts";
import { codeOf } from "./failure-code.ts";

const { refusals: words, failed } = rostrumWords;

type DeskCall = "ask" | "floor" | "going" | "hammer" | "pass" | "pause" | "resume";
type Refusal = Extract<Awaited<ReturnType<typeof act>>, { readonly kind: "refused" }>;

/** One word of the auctioneer, with what it needs. */
export type DeskAct =
  | { readonly name: "ask" | "floor"; readonly amount: number }
  | { readonly name: "going"; readonly stage: "once" | "twice" }
  | { readonly name: "hammer"; readonly bids: number }
  | { readonly name: Extract<DeskCall, "pass" | "pause" | "resume"> };

interface DeskState {
  readonly isBusy: boolean;
  /** Why the latest was not done. */
  readonly problem: string | undefined;
  readonly run: (act: DeskAct) => void;
}

/** Does what the auctioneer says, one thing after the other. */
export function useDesk(room: ClientRoom<Auction>, currency: string): DeskState {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function run(said: DeskAct): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      const outcome = await act(room, said);
      if (outcome.kind === "refused") setProblem(toWords(outcome, currency));
    } catch (error) {
      setProblem(failed(codeOf(error)));
    }
    setBusy(false);
  }
  return { isBusy, problem, run: (said) => void run(said) };
}

function act(room: ClientRoom<Auction>, said: DeskAct) {
  switch (said.name) {
    case "ask":
    case "floor":
      return room.call(said.name, { amount: said.amount });
    case "going":
      return room.call("going", { stage: said.stage });
    case "hammer":
      return room.call("hammer", { bids: said.bids });
    default:
      return room.call(said.name);
  }
}

function toWords(refusal: Refusal, currency: string): string {
  const money = (amount: number): string => toMoney(amount, currency);
  switch (refusal.code) {
    case "NOT_OPEN":
      return words.NOT_OPEN(formatClock(refusal.data.opensAt));
    case "INVALID_AMOUNT":
      return words.INVALID_AMOUNT(money(refusal.data.unit));
    case "BID_TOO_LOW":
      return words.BID_TOO_LOW(money(refusal.data.minimum));
    case "BID_BETWEEN":
      return words.BID_BETWEEN(money(refusal.data.price));
    default:
      return words[refusal.code];
  }
}
