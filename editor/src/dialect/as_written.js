/* Lists that are none become the paragraphs that were written. See shared/markup/as_written.py. */

import { HARD_SPACE, trimmed } from "./characters.js";

const MONTH = new RegExp(
  "^(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember" +
    "|jan\\.?|feb\\.?|mar\\.|apr\\.?|jun\\.?|jul\\.|aug\\.?|sept?\\.?|okt\\.?|nov\\.?|des\\.?)" +
    "(?![\\p{L}\\p{N}_])",
  "iu",
);
const LISTS = new Set(["ordered_list_open", "bullet_list_open"]);

export function asWritten(state) {
  state.tokens.forEach((token, place) => {
    if (token.type === "paragraph_open" || token.type === "heading_open") {
      const text = state.tokens[place + 1];
      text.content = trimmed(text.content);
    }
  });
  state.tokens = settled(state.tokens, state.Token);
}

function settled(tokens, Token) {
  const kept = [];
  let place = 0;
  while (place < tokens.length) {
    const isList = LISTS.has(tokens[place].type);
    const [items, end] = isList ? itemsOf(tokens, place) : [[], place];
    if (!isList || staysList(tokens[place], items)) {
      kept.push(tokens[place]);
      place += 1;
      continue;
    }
    for (const [opening, content] of items) {
      kept.push(...settled(paragraphs(opening, content, Token), Token));
    }
    place = end;
  }
  return kept;
}

/* Each item's opening and content, and where the list ends. */
function itemsOf(tokens, place) {
  const items = [];
  const { level } = tokens[place];
  for (let at = place + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token.level === level) return [items, at + 1];
    const isItem = token.level === level + 1;
    if (isItem && token.type === "list_item_open") items.push([token, []]);
    else if (!(isItem && token.type === "list_item_close")) items.at(-1)[1].push(token);
  }
  return [items, tokens.length];
}

function staysList(opening, items) {
  const texts = items.map(([, content]) => firstText(content));
  if (opening.type === "bullet_list_open") {
    const minus = items.length === 1 && ["-", "*", "–"].includes(opening.markup);
    return !(minus && /^\p{Nd}|^\p{No}/u.test(texts[0]));
  }
  const numbers = items.map(([item]) => item.info);
  const first = Number(numbers[0]);
  const counts = numbers.every((number, step) => number === String(first + step));
  const alone = items.length === 1 && first !== 1;
  return counts && !alone && !texts.every((text) => MONTH.test(text));
}

function firstText(content) {
  return content.length > 1 && content[0].type === "paragraph_open" ? content[1].content : "";
}

/* An item's content with its mark before the text, and a hard space for the line's end. */
function paragraphs(opening, content, Token) {
  const mark = `${opening.info}${opening.markup}`;
  for (const token of content) {
    const isParagraph = token.type === "paragraph_open" || token.type === "paragraph_close";
    if (isParagraph && token.level === content[0].level) token.hidden = false;
  }
  if (firstText(content)) {
    content[1].content = `${mark}${HARD_SPACE}${content[1].content}`;
    return content;
  }
  const lines = opening.map && [opening.map[0], opening.map[0] + 1];
  const [before, text, after] = [
    new Token("paragraph_open", "p", 1),
    new Token("inline", "", 0),
    new Token("paragraph_close", "p", -1),
  ];
  for (const token of [before, text, after]) token.block = true;
  before.map = text.map = lines;
  text.content = mark;
  text.children = [];
  return [before, text, after, ...content];
}
