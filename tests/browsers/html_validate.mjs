// What html-validate says of files: reads {name: html} as JSON, writes a list of findings as JSON.
import { HtmlValidate } from "html-validate";

const RULES = {
  // How HTML is laid out in its file says nothing to a reader, nor does what is so by default.
  "no-trailing-whitespace": "off",
  "void-style": "off",
  "doctype-style": "off",
  "attribute-boolean-style": "off",
  "attribute-empty-style": "off",
  "no-implicit-button-type": "off",
  // An editor's title is as long as it is; the check of texts speaks of it.
  "long-title": "off",
  // In the links to 113 and 116 117 stand words, too; no number breaks, by the stylesheet.
  "tel-non-breaking": "off",
  // A region that is named by no heading, as vnu wants of a section.
  "prefer-native-element": ["error", { exclude: ["region"] }],
  // Lists are named, which ARIA 1.2 lets be.
  "aria-label-misuse": ["error", { allowAnyNamable: true }],
  // Choices are boxes of one name.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button"] }],
};
const checker = new HtmlValidate({ extends: ["html-validate:recommended"], rules: RULES });

// Programs of mail know no other styles than those that stand in the elements.
const IN_A_MAIL = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: { ...RULES, "no-inline-style": "off" },
});

let sent = "";
for await (const part of process.stdin) sent += part;
const found = [];
for (const [name, html] of Object.entries(JSON.parse(sent))) {
  const { results } = await (name === "mail itself" ? IN_A_MAIL : checker).validateString(html, name);
  for (const { messages } of results)
    for (const { line, ruleId, message } of messages) found.push(`${name}:${line}: ${ruleId}: ${message}`);
}
process.stdout.write(JSON.stringify(found));
