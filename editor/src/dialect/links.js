/* Links, and what each was written as. See shared/markup/links.py. */

import { SPACES, WORDS } from "./characters.js";

const BARE = new RegExp(
  `(?<![@./:${WORDS}-])(?:https?://(?=[${WORDS}\\[])|www\\.(?=[${WORDS}-]+\\.[${WORDS}]))` +
    `[^${SPACES}<>"“”„«»\`|\\\\]+`,
  "giu",
);
const IN_BRACKETS = new RegExp(
  `^<(?:https?://[^${SPACES}<>]+|mailto:[^${SPACES}<>]+|tel:[^${SPACES}<>]+` +
    `|[^${SPACES}<>@:]+@[^${SPACES}<>@]+\\.[a-z]{2,})>`,
  "iu",
);
const END_MARKS = ".,;:!?'’‘…*_~";
const LONGEST_ADDRESS = 2000;

/* `rule`, whose first token has in its meta what it was written as. */
export function withSource(rule) {
  return (state, silent) => {
    const [start, count] = [state.pos, state.tokens.length];
    if (!rule(state, silent)) return false;
    if (!silent) {
      const first = state.tokens.slice(count).find((token) => token.type !== "text");
      if (first) first.meta = { ...first.meta, source: state.src.slice(start, state.pos) };
    }
    return true;
  };
}

export function addressInBrackets(autolink) {
  return (state, silent) => {
    const text = state.src.slice(state.pos, state.pos + LONGEST_ADDRESS);
    return IN_BRACKETS.test(text) && autolink(state, silent);
  };
}

/* `https://…` and `www.…` become links, without the full stop behind them. */
export function bareLinks(state) {
  for (const block of state.tokens) {
    if (block.type !== "inline" || block.content.search(BARE) < 0) continue;
    const children = [];
    let inside = 0;
    for (const token of block.children ?? []) {
      inside += { link_open: 1, link_close: -1 }[token.type] ?? 0;
      if (token.type === "text" && !inside) children.push(...withLinks(state, token));
      else children.push(token);
    }
    block.children = children;
  }
}

function withLinks(state, token) {
  const pieces = [];
  let place = 0;
  for (const found of token.content.matchAll(BARE)) {
    const shown = withoutEnd(found[0]);
    const href = shown.slice(0, 8).includes("://") ? shown : `https://${shown}`;
    if (!state.md.validateLink(href)) continue;
    if (found.index > place) pieces.push(text(state, token.content.slice(place, found.index), token.level));
    const opening = new state.Token("link_open", "a", 1);
    opening.attrs = [["href", href]];
    const closing = new state.Token("link_close", "a", -1);
    for (const one of [opening, closing]) {
      Object.assign(one, { markup: "linkify", info: "auto", level: token.level });
    }
    pieces.push(opening, text(state, shown, token.level + 1), closing);
    place = found.index + shown.length;
  }
  if (!pieces.length) return [token];
  if (place < token.content.length) pieces.push(text(state, token.content.slice(place), token.level));
  return pieces;
}

function text(state, content, level) {
  return Object.assign(new state.Token("text", "", 0), { content, level });
}

/* Without marks that end the sentence, and without a `)` or `]` that nothing in it opened. */
function withoutEnd(address) {
  const count = (char) => address.split(char).length - 1;
  const open = { ")": count("(") - count(")"), "]": count("[") - count("]") };
  let end = address.length;
  while (end) {
    const last = address[end - 1];
    if (last in open && open[last] < 0) open[last] += 1;
    else if (!END_MARKS.includes(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}
