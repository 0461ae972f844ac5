"""Markdown → the article's text, what its mark-up says of stretches of it, and its front matter's facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from framing.marked import Page, Paragraph, joined
from framing.schema import Kind

# Keys of a Markdown file's front matter, and the fields of an article that they are.
_FRONT = {
    **dict.fromkeys(("outlet", "source", "publisher"), "outlet"),
    **dict.fromkeys(("date", "published"), "date"),
    "title": "title",
}


def read_markdown(text: str) -> Page | None:
    """The text without its mark-up, and title, outlet and date where its front matter tells; None where it is empty."""
    from markdown_it import MarkdownIt

    known: dict[str, str] = {}
    if front := re.match(r"---\r?\n(.*?)\r?\n---\r?\n", text, re.DOTALL):
        text = text[front.end() :]
        for key, value in re.findall(r"^(\w+):(.*)$", front[1], re.MULTILINE):
            if field := _FRONT.get(key.lower()):
                known[field] = _unquoted(value.strip())
    body, marks = joined(_told(MarkdownIt("commonmark").enable("table").parse(text)))
    return Page(body, marks, **known) if body else None


def _told(tokens: Iterable[Any]) -> Iterator[Paragraph]:
    """The paragraphs of Markdown and the kinds it tells; a table's rows are none."""
    opened: list[str] = []
    row: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            opened.append(token.tag)
        elif token.nesting < 0:
            opened.pop()
            if token.tag == "tr" and (line := " | ".join(filter(None, row))):
                yield line, "boilerplate"
            row = [] if token.tag == "tr" else row
        elif token.type in ("code_block", "fence") and token.content.strip():
            yield token.content.strip(), None
        elif token.type == "inline":
            parts = [t for t in token.children or () if t.type != "html_inline"]
            # a picture's own text says again what the caption below it does
            parts = [t for t in parts if t.type != "image"] if _is_captioned(parts) else parts
            line = "".join(" " if t.type in ("softbreak", "hardbreak") else t.content for t in parts).strip()
            if "tr" in opened:
                row.append(line)
            elif line:
                yield line, _kind(opened, parts)


def _is_captioned(parts: Sequence[Any]) -> bool:
    return bool(parts) and parts[0].type == "image" and any(t.type == "text" and t.content.strip() for t in parts)


def _kind(opened: Sequence[str], parts: Sequence[Any]) -> Kind | None:
    """What a paragraph is by the mark-up around it, and by its own where that is a picture's alone."""
    if opened and re.fullmatch(r"h[1-6]", opened[-1]):
        return "headline" if opened[-1] == "h1" else "subhead"
    if all(part.type == "image" or not part.content.strip() for part in parts):
        return "caption"
    return "body" if "li" in opened else None


def _unquoted(value: str) -> str:
    """A value of front matter as YAML reads it: marks around all of it are none of its own."""
    if double := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', value):
        return re.sub(r'\\(["\\])', r"\1", double[1])
    single = re.fullmatch(r"'((?:[^']|'')*)'", value)
    return single[1].replace("''", "'") if single else value
