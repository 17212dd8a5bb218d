/* The newsroom's editor: a module that puts itself on each `<textarea data-editor>` of the page.
 *
 * As a module it waits until the page is there; the text area can be used before.
 */

import { attach } from "./field.js";

export { parser } from "./dialect/index.js";
export { blocksOf } from "./cleared.js";
export { undo } from "./commands.js";
export { read } from "./reading.js";
export { Slices } from "./slices.js";
export { makeVisual } from "./visual.js";
export { write } from "./writing.js";

for (const area of document.querySelectorAll("textarea[data-editor]")) {
  attach(area).catch((error) => {
    // The text area is still there.
    area.hidden = false;
    console.error(error);
  });
}
