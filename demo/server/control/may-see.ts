/**
 * Who may see what the server measures: its metrics, its health, its alerts, and what visitors do. The Saleroom asks this of each of them.
 */
export type MaySee = (user: { readonly id: string; readonly name: string }) => boolean;

/** In this demo everybody who has come in; whoever makes a product of it gives the operators alone. */
export const everybodyMaySee: MaySee = () => true;
