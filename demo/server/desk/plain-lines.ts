/** A text with lines as editors count them: "\n" between two, whatever the machine that it comes from puts there. Pure. */
export function toPlainLines(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}
