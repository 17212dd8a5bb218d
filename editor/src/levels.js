/* Lists in plain text, as other programs copy them: Word tells levels by other bullets, mail by any
 * number of spaces. Written as Markdown, the levels are kept. */

const BULLETS = "•‣◦▪▫●○■□➢\uf0b7\uf0a7";
const SPACE = "[ \\t\\u00a0]";
const ITEM = new RegExp(
  `^(${SPACE}*)(?:([${BULLETS}])${SPACE}*|([o§·])\\t${SPACE}*|([-*+])${SPACE}+(?!\\d)|(\\d{1,3}[.)])${SPACE}+)(?=\\S)(.*)$`,
);
const LETTER = new RegExp(`^${SPACE}*[a-zæøå][.)]${SPACE}+\\S`);
const NUMBER = "1.";
const PLAIN = "-";

/* `text` with its lists written so that their levels stay, and whether a level is `lost`: items that
 * have letters have no form of their own. */
export function levelled(text) {
  const found = [];
  let run = [];
  let isLost = false;
  const end = () => {
    const lines = written(run);
    const isRewritten = lines.some((line, at) => line !== run[at][0]);
    // A list of Word's needs no blank line before it, one in Markdown does.
    if (isRewritten && found.at(-1)?.trim()) found.push("");
    found.push(...lines);
    run = [];
  };
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    const item = ITEM.exec(line);
    if (item) run.push(item);
    else {
      isLost ||= run.length > 0 && LETTER.test(line);
      end();
      found.push(line);
    }
  }
  end();
  return { text: found.join("\n"), isLost };
}

/* A run of items as lines; as they were if all are on one level. */
function written(run) {
  const levels = [];
  let isNested = false;
  const lines = run.map(([, indent, bullet, other, , number, words]) => {
    const width = widthOf(indent);
    const mark = bullet ?? other ?? (number ? NUMBER : PLAIN);
    while (levels.length && levels.at(-1).width > width) levels.pop();
    const same = levels.findIndex((one) => one.width === width && one.mark === mark);
    if (same >= 0) levels.length = same + 1;
    else if (!levels.length || width > levels.at(-1).width || isBelow(mark, levels.at(-1).mark)) {
      levels.push({ width, mark, place: levels.at(-1)?.inner ?? 0 });
    } else levels.at(-1).mark = mark;
    const level = levels.at(-1);
    const marker = number ?? PLAIN;
    level.inner = level.place + marker.length + 1;
    isNested ||= levels.length > 1;
    return `${" ".repeat(level.place)}${marker} ${words}`;
  });
  return isNested ? lines : run.map(([line]) => line);
}

/* Beside each other, a bullet of Word's is below another one, and below a number. */
const isBelow = (mark, above) => mark !== PLAIN && mark !== NUMBER && above !== PLAIN;

function widthOf(indent) {
  let width = 0;
  for (const one of indent) width += one === "\t" ? 4 - (width % 4) : 1;
  return width;
}
