/* Tables, if every row has as many cells as the one above it. See shared/markup/tables.py. */

import { lineOf } from "./blocks.js";

export const MOST_COLUMNS = 12;
const HEAD_ENDS = /^\|(?:[ \t]*:?-+:?[ \t]*\|)+$/;
const ENDS = /^[ \t\u00a0]+|[ \t\u00a0]+$/g;

const stripped = (text) => text.replace(ENDS, "");

/* The texts of a row, still escaped; null if `line` is no row. */
function cellsOf(line) {
  const text = stripped(line);
  if (text.length < 2 || text[0] !== "|") return null;
  const found = [];
  let start = 1;
  for (let place = 1; place < text.length; place += 1) {
    if (text[place] === "\\") place += 1;
    else if (text[place] === "|") {
      found.push(stripped(text.slice(start, place)));
      start = place + 1;
    }
  }
  return start === text.length ? found : null;
}

function alignmentOf(cell) {
  const [left, right] = [cell.startsWith(":"), cell.endsWith(":")];
  return left && right ? "center" : right ? "right" : "left";
}

/* The rule: a table is all lines up to the next blank one, or it is none. */
export function table(state, line, endLine, silent) {
  const { env } = state;
  if (silent || state.level || state.parentType !== "root" || line < (env.noTableBefore ?? 0)) return false;
  if (line + 1 >= endLine || state.sCount[line] > 3 || !lineOf(state, line).startsWith("|")) return false;
  if (!HEAD_ENDS.test(stripped(lineOf(state, line + 1)))) return false;
  let end = line;
  while (end < endLine && !state.isEmpty(end)) end += 1;
  env.noTableBefore = end;
  const rows = [];
  for (let at = line; at < end; at += 1) rows.push(cellsOf(lineOf(state, at)));
  const columns = rows[0]?.length ?? 0;
  if (!columns || columns > MOST_COLUMNS || rows.some((row) => row?.length !== columns)) return false;
  const sides = rows[1].map(alignmentOf);
  state.push("table_open", "table", 1).map = [line, end];
  part(state, "thead", "th", [[rows[0], line]], sides);
  const body = rows.slice(2).map((row, at) => [row, line + 2 + at]);
  if (body.length) part(state, "tbody", "td", body, sides);
  state.push("table_close", "table", -1);
  state.line = end;
  return true;
}

function part(state, name, cell, rows, sides) {
  state.push(`${name}_open`, name, 1).map = [rows[0][1], rows.at(-1)[1] + 1];
  for (const [texts, line] of rows) {
    state.push("tr_open", "tr", 1).map = [line, line + 1];
    texts.forEach((text, at) => {
      state.push(`${cell}_open`, cell, 1).meta = { align: sides[at] };
      const inline = state.push("inline", "", 0);
      Object.assign(inline, { content: text, map: [line, line + 1], children: [] });
      state.push(`${cell}_close`, cell, -1);
    });
    state.push("tr_close", "tr", -1);
  }
  state.push(`${name}_close`, name, -1);
}
