/* The buttons over the text. One stop of the tab key; arrows go from button to button. */

import * as commands from "./commands.js";
import { askFootnote, askLink, askPicture } from "./asking.js";
import { element } from "./dom.js";
import { tableButtons } from "./tables.js";
import { openDocx } from "./docx.js";

/* The toolbar of `field`: its element, and `update`, which shows what holds at the cursor. */
export function makeToolbar(field) {
  const { t, visual } = field;
  const { schema } = visual;
  const { nodes, marks } = schema;
  const run = (command) => () => {
    command(visual.view.state, visual.view.dispatch, visual.view);
    visual.view.focus();
  };
  const isIn = (type, attrs) => (state) => commands.isIn(state, type, attrs);
  const groups = [
    [
      ["bold", "F", run(commands.toggleMark(marks.strong)), (state) => commands.hasMark(state, marks.strong)],
      ["italic", "K", run(commands.toggleMark(marks.emphasis)), (state) => commands.hasMark(state, marks.emphasis)],
    ],
    [
      ["heading", null, run(commands.heading(schema, 2)), isIn(nodes.heading, { level: 2 })],
      ["smallHeading", null, run(commands.heading(schema, 3)), isIn(nodes.heading, { level: 3 })],
      ["bullets", null, run(commands.list(schema, nodes.bullet_list)), isIn(nodes.bullet_list)],
      ["numbers", null, run(commands.list(schema, nodes.ordered_list)), isIn(nodes.ordered_list)],
      ["speech", null, run(commands.speech), commands.isSpeech],
      ["quotation", null, run(commands.quotation(schema)), isIn(nodes.blockquote)],
    ],
    [
      ["link", null, () => askLink(field), (state) => commands.hasMark(state, marks.link)],
      ["picture", null, () => askPicture(field)],
      ["footnote", null, () => askFootnote(field)],
      ["table", null, run(tableButtons.insert)],
      ...(field.area.dataset.docx ? [["docx", null, () => openDocx(field)]] : []),
    ],
    [
      ["row", null, run(tableButtons.row), null, isIn(nodes.table)],
      ["column", null, run(tableButtons.column), null, isIn(nodes.table)],
      ["noRow", null, run(tableButtons.noRow), null, isIn(nodes.table)],
      ["noColumn", null, run(tableButtons.noColumn), null, isIn(nodes.table)],
      ["noTable", null, run(tableButtons.noTable), null, isIn(nodes.table)],
    ],
    [
      ["undo", "↶", run(commands.undo)],
      ["redo", "↷", run(commands.redo)],
    ],
  ];
  const bar = element("div", { class: "editor-toolbar", role: "toolbar", "aria-label": t.toolbar });
  const buttons = groups.flatMap((group) => {
    const box = element("div", { class: "editor-group" });
    bar.append(box);
    return group.map(([name, sign, act, isOn, isThere]) => {
      const button = element("button", { type: "button", "data-do": name, title: t[name] });
      if (sign) button.append(element("span", { "aria-hidden": "true" }, sign), element("span", { class: "unseen" }, t[name]));
      else button.append(t[name]);
      button.addEventListener("click", act);
      // The text keeps the selection that the button is to act on.
      button.addEventListener("mousedown", (event) => event.preventDefault());
      box.append(button);
      return { button, isOn, isThere };
    });
  });
  roam(bar);
  const update = () => {
    const { state } = visual.view;
    for (const { button, isOn, isThere } of buttons) {
      if (isOn) button.setAttribute("aria-pressed", String(Boolean(isOn(state))));
      if (isThere) button.hidden = !isThere(state);
    }
    for (const box of bar.children) box.hidden = [...box.children].every((one) => one.hidden);
    stop(bar);
  };
  return { element: bar, update };
}

const seen = (bar) => [...bar.querySelectorAll("button")].filter((one) => !one.hidden && !one.parentNode.hidden);

/* One button can be reached by the tab key, and it can be seen. */
function stop(bar, wanted = bar.querySelector('[tabindex="0"]')) {
  const there = seen(bar);
  const chosen = there.includes(wanted) ? wanted : there[0];
  for (const button of bar.querySelectorAll("button")) button.tabIndex = button === chosen ? 0 : -1;
}

function roam(bar) {
  bar.addEventListener("keydown", (event) => {
    const there = seen(bar);
    const at = there.indexOf(document.activeElement);
    const goal = {
      ArrowRight: (at + 1) % there.length,
      ArrowLeft: (at - 1 + there.length) % there.length,
      Home: 0,
      End: there.length - 1,
    }[event.key];
    if (at < 0 || goal === undefined) return;
    event.preventDefault();
    stop(bar, there[goal]);
    there[goal].focus();
  });
  bar.addEventListener("focusin", (event) => stop(bar, event.target));
}
