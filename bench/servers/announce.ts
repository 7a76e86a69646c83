/** Tells the bench where the server listens, and ends the server with the bench, however that ends. */
export function announce(ready: { readonly port: number; readonly lifted?: string }): void {
  console.log(JSON.stringify(ready));
  process.once("disconnect", () => process.exit());
}
