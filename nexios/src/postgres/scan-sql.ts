/** What a statement is made of, outside of texts and comments. */
export interface SqlToken {
  /** A name or a key word; a `?`; a `$1`; a `;`. */
  readonly kind: "word" | "question" | "parameter" | "end";
  /** A word in small letters, a name in quotes as it is. */
  readonly text: string;
  readonly at: number;
}

/** By the rules of PostgreSQL: where texts with and without escapes, dollar quotes and comments begin; quoted names, words, marks. What is none of these is passed over. */
const pattern =
  /(?<escapes>\b[eE])?(?<text>')|(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<line>--[^\n]*)|(?<block>\/\*)|(?<parameter>\$\d+)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<question>\?)|(?<end>;)/gu;

/** The tokens of SQL, in order. Pure. */
export function scanSql(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  const scanner = new RegExp(pattern);
  for (let match = scanner.exec(sql); match !== null; match = scanner.exec(sql)) {
    const { index: at, groups = {} } = match;
    if (groups["text"] !== undefined) scanner.lastIndex = endOfText(sql, at, groups["escapes"] !== undefined);
    else if (groups["dollar"] !== undefined) scanner.lastIndex = endOf(sql, groups["dollar"], scanner.lastIndex);
    else if (groups["block"] !== undefined) scanner.lastIndex = endOfComment(sql, at);
    else if (groups["quoted"] !== undefined) tokens.push({ kind: "word", text: groups["quoted"].slice(1, -1).replaceAll('""', '"'), at });
    else if (groups["parameter"] !== undefined) tokens.push({ kind: "parameter", text: groups["parameter"], at });
    else if (groups["word"] !== undefined) tokens.push({ kind: "word", text: groups["word"].toLowerCase(), at });
    else if (groups["question"] !== undefined) tokens.push({ kind: "question", text: "?", at });
    else if (groups["end"] !== undefined) tokens.push({ kind: "end", text: ";", at });
  }
  return tokens;
}

/** A backslash is a sign like others, but in a text that begins with an E. */
function endOfText(sql: string, at: number, escapes: boolean): number {
  for (let end = sql.indexOf("'", at) + 1; end < sql.length; end++) {
    if (escapes && sql[end] === "\\") end++;
    else if (sql[end] === "'") {
      if (sql[end + 1] !== "'") return end + 1;
      end++;
    }
  }
  return sql.length;
}

function endOf(sql: string, mark: string, from: number): number {
  const end = sql.indexOf(mark, from);
  return end === -1 ? sql.length : end + mark.length;
}

function endOfComment(sql: string, at: number): number {
  const border = /\/\*|\*\//gu;
  border.lastIndex = at;
  let depth = 0;
  for (let match = border.exec(sql); match !== null; match = border.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return border.lastIndex;
  }
  return sql.length;
}
