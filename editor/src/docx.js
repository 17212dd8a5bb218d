/* A Word document is read by the server and put where the cursor is. */

import { element } from "./dom.js";
import { insertMarkdown } from "./paste.js";
import { send, wordsOf } from "./pictures.js";

export function openDocx(field) {
  const choice = element("input", { type: "file", accept: ".docx" });
  choice.addEventListener("change", async () => {
    const [file] = choice.files;
    if (file) await readDocx(field, file);
  });
  choice.click();
}

/* Read `file` and put what it says into the text. */
export async function readDocx(field, file) {
  const { t, area } = field;
  field.say(t.sending);
  const answer = await send(area.dataset.docx, file, area.form);
  if (answer?.markdown === undefined) {
    field.say(wordsOf(answer, t) ?? t.docxFailed);
    return;
  }
  insertMarkdown(field, answer.markdown);
  field.say(answer.notes.join(" "));
}
