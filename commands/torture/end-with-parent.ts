/** Ends this process as soon as its parent is gone, however it went: a child of a killed command must not live on. */
export function endWithParent(): void {
  process.on("disconnect", () => process.exit(1));
  if (!process.connected) process.exit(1);
}
