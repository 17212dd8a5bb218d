/* What the packages import and the editor never calls; see ../build.mjs. */

const nothing = () => {};

export class LinkifyIt {}

export default LinkifyIt;

/* Milkdown makes a processor of remark when it starts, and nobody asks it anything. */
export const unified = () => ({
  use() {
    return this;
  },
});
export const decodeHTML = (text) => text;
export const decodeHTMLStrict = decodeHTML;
export const toASCII = (host) => host;
export const toUnicode = toASCII;
export const ucs2 = nothing;
export const visit = nothing;
