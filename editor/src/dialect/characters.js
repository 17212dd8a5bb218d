/* Characters as Python's `str` tells them apart; the page's parser is written in it. */

const LETTER_OR_NUMBER = /[\p{L}\p{N}]/u;
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/* `str.isalnum` of one character; false of none. */
export const isLetterOrNumber = (char) => LETTER_OR_NUMBER.test(char);

/* `str.isspace` of one character; false of none. */
export const isSpace = (char) => SPACE.test(char);

/* What a class of characters in a regular expression calls `\s` and `\w` in Python. */
export const SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
export const WORDS = "\\p{L}\\p{N}_";

export const HARD_SPACE = "\u00a0";

const ENDS = /^[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/* `mdTrim` of markdown-it-py, which takes hard spaces too. */
export const trimmed = (text) => text.replace(ENDS, "");
