/* Who has made a picture, as it stands behind the caption in a picture's title: «Foto: Kari».
 *
 * The same rules are in shared/credit.py, for the form and the page.
 */

const KIND = "[Ff]oto(?:graf)?|[Pp]hoto|[Ii]llustrasjon|[Ii]llustration|[Ii]llustratør|[Tt]egning|[Tt]eikning|[Gg]rafikk";
const KINDS = `(?:${KIND})(?:(?:\\s?[/,&]\\s?|\\s(?:og|and)\\s)(?:${KIND}))*`;
const LABEL = new RegExp(`(?<![\\p{L}\\p{N}_/])(?=[A-Z])(${KINDS})\\s?[:/]`, "gu");
const BEGINS = new RegExp(`^(?:(?:${KINDS})\\s?(?:[:/–-]|av(?![\\p{L}])|by(?![\\p{L}]))|©|\\([Cc]\\))`, "u");
const BARE = new RegExp(`^(?:${KINDS})\\s?[:/–-]\\s*`, "u");
const PHOTO = /^Foto:\s*/;

/* A title as its caption and its credit; of «Foto: Kari» only the name is to be edited. */
export function splitCredit(title) {
  const at = [...title.matchAll(LABEL)].at(-1)?.index ?? -1;
  if (at < 0) return { caption: title.trim(), credit: "" };
  return { caption: title.slice(0, at).trim(), credit: title.slice(at).trim().replace(PHOTO, "").replace(/\.$/, "") };
}

/* A picture's title. «Foto:» stands before who has made it, unless a label does, or the caption says
 * it already. Straight quotation marks would end the title. */
export function titleOf({ caption, credit }) {
  const name = nameOf(credit);
  const isSaid = !name || name === nameOf(splitCredit(caption).credit);
  const [first, ...rest] = credit.replace(/\.$/, "");
  const said = BEGINS.test(credit) ? `${first.toUpperCase()}${rest.join("")}` : `Foto: ${credit.replace(/\.$/, "")}`;
  const title = [caption, isSaid ? "" : `${said}.`].filter(Boolean).join(" ");
  return title.replace(/"([^"]*)"/g, "«$1»").replace(/["\\]/g, "");
}

const nameOf = (credit) => credit.replace(BARE, "").replace(/^[ .]+|[ .]+$/g, "").toLowerCase();
