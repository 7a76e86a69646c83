import { useParams } from "wouter";
import { LotDesk } from "./lot-desk.tsx";
import { OwnLots } from "./own-lots.tsx";

/** What an id of a room may be made of. */
const idPattern = /^[\w.:-]{1,128}$/;

/** The auctioneer's desk: all own lots and a new one, or one of them. */
export function Rostrum() {
  const { id } = useParams();
  return id !== undefined && idPattern.test(id) ? <LotDesk key={id} lotId={id} /> : <OwnLots />;
}
