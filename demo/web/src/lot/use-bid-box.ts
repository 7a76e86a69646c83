import { isUnusual } from "nexios/auction/client";
import type { Amount, OwnStanding, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { auctionWords } from "../messages/en-auction.ts";
import { readMoney, toFieldText, toMoney } from "../lots/money.ts";
import { toRefusalWords } from "./refusal-words.ts";

const { box: words } = auctionWords;

/** Nobody has read a sum that has stood in the field for less. */
const unseenMs = 700;

/** What is done only after it was asked for twice. */
export type Question = { readonly kind: "bid"; readonly amount: Amount } | { readonly kind: "buyNow"; readonly amount: Amount } | { readonly kind: "retract" };

/** What stands beneath the field. */
export interface BoxNote {
  readonly kind: "problem" | "done";
  readonly text: string;
  /** True only as long as one stands so. */
  readonly standing?: OwnStanding;
}

type Outcome = Awaited<ReturnType<AuctionView["bid"]["call"] | AuctionView["buyNow"]["call"] | AuctionView["retract"]["call"]>>;

/** What a bidder writes, what becomes of it, and what is asked before it is done. */
export function useBidBox({ bid, buyNow, retract, minimum }: AuctionView, terms: Terms, field: RefObject<HTMLInputElement | null>) {
  const { currency } = terms;
  const [text, setText] = useState("");
  const [note, setNote] = useState<BoxNote>();
  const [offered, setOffered] = useState(0);
  // Once the sum stands in the field: what is typed then takes its place.
  useEffect(() => void (offered > 0 && field.current?.select()), [offered, field]);
  const [question, setQuestion] = useState<Question>();
  /** When another sum than the bidder's was last put into the field: a key that is pressed twice must not send it. */
  const offeredAt = useRef(-Infinity);

  function refuse(problem: string): void {
    setNote({ kind: "problem", text: problem });
    field.current?.focus();
  }

  /** The field after an answer: empty after a yes; after a no with what would be taken, to be sent or changed. What was written meanwhile stays. */
  function settle(outcome: Outcome): void {
    const instead = (next: string): void => setText((current) => (current === text ? next : current));
    if (outcome === undefined) return;
    if (outcome.kind !== "refused") {
      instead("");
      const { standing } = outcome.result;
      setNote({ kind: "done", text: words.accepted[standing], standing });
      return;
    }
    const { text: problem, minimum: least } = toRefusalWords(outcome, currency);
    if (least !== undefined && terms.kind !== "dutch") instead(toFieldText(least, currency));
    offeredAt.current = performance.now();
    refuse(problem);
    setOffered((count) => count + 1);
  }

  async function send(act: Question): Promise<void> {
    setQuestion(undefined);
    setNote(undefined);
    if (act.kind === "bid") settle(await bid.call({ maximum: act.amount, currency }));
    else if (act.kind === "buyNow") settle(await buyNow.call({ price: act.amount, currency }));
    else settle(await retract.call());
  }

  function submit(): void {
    if (performance.now() - offeredAt.current < unseenMs) return;
    const amount = terms.kind === "dutch" ? minimum : readMoney(text, currency);
    if (amount === undefined) return refuse(text.trim() === "" ? words.noSum : words.notASum(toFieldText(minimum, currency)));
    const act = { kind: "bid", amount } as const;
    if (terms.kind !== "dutch" && isUnusual(amount, minimum)) setQuestion(act);
    else void send(act);
  }

  const write = useCallback((next: string) => {
    offeredAt.current = -Infinity;
    setText(next);
    setNote(undefined);
  }, []);
  const cancel = useCallback(() => {
    setQuestion(undefined);
    field.current?.focus();
  }, [field]);

  const failure = bid.error ?? buyNow.error ?? retract.error;
  const failed = failure === undefined || note !== undefined ? undefined : toFailure(failure.code);
  return {
    text,
    note: failed ?? note,
    question,
    isSending: bid.pending || buyNow.pending || retract.pending,
    write,
    submit,
    ask: setQuestion,
    cancel,
    confirm: (act: Question) => {
      // The buttons of the question go.
      field.current?.focus();
      void send(act);
    },
    /** What would be bid, as the page has understood it. */
    sum: sumOf(readMoney(text, currency), currency),
  };
}

/** The box as its parts need it. */
export type BidBoxState = ReturnType<typeof useBidBox>;

function sumOf(amount: Amount | undefined, currency: string): string | undefined {
  return amount === undefined ? undefined : toMoney(amount, currency);
}

function toFailure(code: string): BoxNote {
  const { failed } = words;
  return { kind: "problem", text: code === "UNKNOWN_OUTCOME" || code === "UNAVAILABLE" ? failed[code] : failed.other(code) };
}
