/* The texts inside blocks: from the parser's tokens to the editor's texts and marks. */

const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;
const MARKS = { em: "emphasis", strong: "strong" };

/* What the visual editor cannot show; the message is for the person who writes. */
export class Unshowable extends Error {}

/* The nodes of `children`, the tokens of one text. Raises Unshowable. */
export function inlineOf(children, schema) {
  const nodes = [];
  let marks = [];
  const add = (node) => nodes.push(node.mark(marks));
  const open = (mark) => {
    if (mark.isInSet(marks)) throw new Unshowable("Her står utheving inne i utheving.");
    marks = mark.addToSet(marks);
  };
  const close = (type) => {
    marks = type.removeFromSet(marks);
  };
  for (const token of children) {
    const [, name, end] = /^(em|strong)_(open|close)$/.exec(token.type) ?? [];
    if (name) {
      const type = schema.marks[MARKS[name]];
      if (end === "open") open(type.create());
      else close(type);
    } else if (token.type === "text") {
      if (token.content) add(schema.text(token.content));
    } else if (token.type === "softbreak" || token.type === "hardbreak") {
      add(schema.nodes.hardbreak.create({ isInline: token.type === "softbreak" }));
    } else if (token.type === "code_inline") {
      const code = schema.marks.inlineCode.create();
      if (/^\s|\s$|\n/.test(token.content)) throw new Unshowable("Koden her har mellomrom i kantene.");
      nodes.push(schema.text(token.content, code.addToSet(marks)));
    } else if (token.type === "link_open" && token.markup !== "linkify") {
      open(linkOf(token, schema));
    } else if (token.type === "link_close" && token.markup !== "linkify") {
      close(schema.marks.link);
    } else if (token.type === "footnote_ref") {
      if (!token.meta.label) throw new Unshowable("En fotnote inne i teksten, ^[…], vises som tekst.");
      add(schema.nodes.footnote_reference.create({ label: token.meta.label }));
    } else if (token.type === "image") {
      throw new Unshowable("Et bilde må stå alene i et avsnitt for å vises som bilde.");
    } else if (token.type === "html_inline") {
      throw new Unshowable("HTML kan ikke brukes i teksten. Skriv dette på en annen måte.");
    } else if (!token.type.startsWith("link_")) {
      throw new Unshowable("Dette kan bare vises som tekst.");
    }
  }
  return joined(nodes);
}

function linkOf(token, schema) {
  const { source = "" } = token.meta ?? {};
  const href = token.attrGet("href");
  if (token.markup !== "autolink" && !/\]\([^]*\)$/.test(source)) {
    throw new Unshowable("Adressen til lenken står et annet sted i teksten.");
  }
  if (!LINK_SCHEMES.test(href) || hasEntity(source)) {
    throw new Unshowable("Adressen til lenken må begynne med https:// for å vises som lenke.");
  }
  return schema.marks.link.create({ href, title: token.attrGet("title") });
}

/* Only the page's parser knows what `&aring;` in an address stands for. */
export const hasEntity = (text) => /&[a-z#][a-z0-9]{1,31};/i.test(text);

/* Texts beside each other with the same marks are one text. */
function joined(nodes) {
  const whole = [];
  for (const node of nodes) {
    const last = whole.at(-1);
    const isSame = last?.isText && node.isText && last.sameMarkup(node);
    if (isSame) whole[whole.length - 1] = last.withText(last.text + node.text);
    else whole.push(node);
  }
  return whole;
}
