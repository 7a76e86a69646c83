/** Something that the house sells again and again. */
export interface Piece {
  readonly title: string;
  readonly about: string;
  /** What it is worth, in cents: robots bid around it. */
  readonly estimate: number;
}

/** The house's pieces; all of them are made up. */
export const pieces: readonly Piece[] = [
  {
    title: "Marine chronometer, two days",
    about: "Brass bowl in gimbals, three-tier mahogany box, silvered dial. Runs; rate not tested at sea.",
    estimate: 240_000,
  },
  { title: "Portable writing slope", about: "Walnut, brass corners, leather renewed. Key present. One of the ink bottles is a later glass.", estimate: 32_000 },
  {
    title: "Night lamp with a green shade",
    about: "Opaline glass on a bronze foot, rewired. A small chip inside of the rim, not seen when lit.",
    estimate: 18_500,
  },
  { title: "Map of the coast, hand coloured", about: "Copper engraving, two sheets joined, old fold, margins complete. Framed under glass.", estimate: 86_000 },
  { title: "Set of six tasting glasses", about: "Mouth-blown, engraved with the six winds. All six are first quality, which is rare.", estimate: 21_000 },
  { title: "Field telescope in four draws", about: "Leather cover, clear optics, lens cap. Engraved with the owner's initials and a date.", estimate: 41_000 },
  {
    title: "Long-case clock, month going",
    about: "Oak case, painted moon, two weights. Movement cleaned last year; papers of the clockmaker.",
    estimate: 310_000,
  },
  { title: "Album of pressed ferns", about: "Forty-two leaves, each named in one hand. Binding loose at the head, nothing missing.", estimate: 12_000 },
  {
    title: "Concertina, forty-eight keys",
    about: "Ebony ends, steel reeds, six-fold bellows. Plays in tune in all keys but one, which sticks.",
    estimate: 128_000,
  },
  { title: "Travelling chess set", about: "Pegged boxwood and ebony men, board complete. One pawn is a careful replacement.", estimate: 9_500 },
  { title: "Drawing of a quiet harbour", about: "Pencil and wash, signed lower right, dated. From a private collection, never shown.", estimate: 165_000 },
  { title: "Pair of garden stools", about: "Blue and white porcelain, pierced sides, hairline in one. They have stood outside.", estimate: 54_000 },
];
