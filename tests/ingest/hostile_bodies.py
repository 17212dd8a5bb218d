"""Bodies that parsers are slow with, at any length: what is met in public bug reports of Markdown
parsers, and what is dear for this one. Also used by benchmarks/hostile.py."""

from collections.abc import Mapping

PLAIN = "Medisinen skal tas om kvelden, og du må snakke med legen din før du slutter.\n\n"

_UNITS: Mapping[str, str] = {
    "opened pictures": "![",
    "opened links": "[",
    "opened addresses": "[a](",
    "opened addresses in brackets": "[a](<b",
    "opened titles": '![a](b "',
    "links": "[a](https://example.org/) ",
    "pictures in links": "[![a](b)](c)\n",
    "references": "[a]: b\n\n",
    "emphasis": "**a** ",
    "emphasis that is never closed": "*a **a ",
    "emphasis of both kinds": "*_",
    "code that is never closed": "`a``a",
    "fences": "```\na\n",
    "fences that are never closed": "~~~~\n",
    "items": "- a\n",
    "items of Word": "o\ta\n",
    "bullets": "• a\n",
    "dashes": "– a\n",
    "numbers": "1. a\n",
    "numbers that do not count": "3. a\n\n17. b\n\n",
    "items of numbers": "- 5\n",
    "quotations": "> a\n>\n",
    "quotations in items": "- > a\n",
    "headings": "## a\n\n",
    "underlined headings": "a\n---\n",
    "number signs": "#",
    "rules": "---\n\n",
    "marks of footnotes": "[^1]",
    "footnotes": "[^a]\n\n[^a]: b\n\n",
    "footnotes in the text": "^[a]",
    "escapes": "\\*",
    "addresses": "https://example.org/ ",
    "bare addresses": "www.",
    "addresses in angle brackets": "<https://example.org/>",
    "opened angle brackets": "<https://",
    "comments": "<!--",
    "tables": "| a |\n|-|\n| b |\n\n",
    "heads of tables": "|a|\n|-|\n",
    "tables that do not fit": "|a|\n|-|\n|b\n---\n",
    "tables that are text": "a|b\n-|-\n",
    "rows": "|a|b|c|d|\n",
    "cells": "|",
    "line ends": "\n",
    "spaces": " ",
    "tabs": "\t",
    "hard spaces": "\u00a0",
    "accents": "a" + "\u0300\u0316" * 14,
    "brackets that close": "]",
    "parentheses": "(",
    "quotation marks": '"',
    "full stops": ".",
}


def body(name: str, length: int) -> str:
    """The body of this name, of `length` characters."""
    if name == "items in items":
        return _nested("-", length)
    if name == "quotations in quotations":
        return _nested(">", length)
    unit = PLAIN if name == "plain" else _UNITS[name]
    return (unit * (length // len(unit) + 1))[:length]


def _nested(mark: str, length: int) -> str:
    lines, size, depth = [], 0, 0
    while size < length:
        lines.append(f"{'  ' * depth}{mark} a" if mark == "-" else f"{mark * (depth + 1)} a")
        size += len(lines[-1]) + 1
        depth += 1
    return "\n".join(lines)[:length]


NAMES = (*_UNITS, "items in items", "quotations in quotations")
