"""A web page → the text of its article, and the kinds that its mark-up tells: captions, headings, tables, lists.

trafilatura finds the article. Captions stand in figures, which it leaves out with their pictures, and often above the
article's own element: they are set apart as paragraphs before, with a mark, or put below the title afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from framing.furniture import is_furniture
from framing.marked import Page, Paragraph, joined
from framing.schema import Kind

# Set before a paragraph: found in no page, and kept by trafilatura, as a private character is not.
_CAPTION, _NOTE = "⟦caption⟧", "⟦note⟧"
_LICENCE = re.compile(r"\s*(?:Purchase Licensing Rights|Enlarge this image|Click to enlarge|toggle caption)\b.*")
_BLOCKS = frozenset("p div ul ol li table blockquote section article h1 h2 h3 h4 h5 h6 pre figure form aside".split())
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


def _classed(tags: str, pattern: str) -> str:
    """An XPath for elements of these tags one of whose class names, or a part of one between "-" or "_", matches."""
    test = " or ".join(f"self::{tag}" for tag in tags.split())
    names = "concat(@class, ' ', @data-gu-name)"
    return f"//*[{test}][re:test({names}, '(^|[ _-])({pattern})($|[ _-])', 'i')]"


_STANDFIRST = _classed("p div h2 h3", "standfirst|subtitle|sub-?headline|dek|lede?|lead") + (
    "[not(ancestor::aside or ancestor::figure or .//figure or .//p[2] or .//*[self::h1 or self::h2 or self::ul])]"
)
_CLASSES_CAPTION = (
    _classed("p div span", "caption|caption-text|captiontext") + "[not(.//figcaption or .//p[2] or .//img)]"
)
_ADVERTS = _classed(
    "div section aside p",
    "ads?|advert(?:isement)?s?|ad-?(?:banner|block|box|container|slot|unit|wrap(?:per)?)|sponsored",
)
_RELATED = _classed(
    "div section aside ul",
    "recirc(?:ulation)?|related(?:[-_]?(?:articles|content|links|posts|stories|videos?))?|newsletter|most-?read|trending"
    "|taboola|outbrain|you-may-like|read-?more|comments?",
)
# The name of the channel in a file that Telegram exports.
_EXPORTED = "//div[@class='page_header'][//div[@class='history']]//div[contains(concat(' ', @class, ' '), ' text ')]"
_FOOTNOTES = _classed("div section ol", "footnotes?|endnotes?") + "[not(ancestor::p)]"
_HEADING = re.compile(r"(?:foot|end)?notes|references|bibliography|sources|works cited", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ADVERT = 60  # words of an advert at most: a page's own body may have "ads" among its classes
_PROSE = 25  # words in a cell that lays out a page, and in a paragraph that tells an article from a list of titles


def read_page(html: str) -> Page | None:
    """The article of a page; None where there is none."""
    import trafilatura

    tree = trafilatura.load_html(html)
    if tree is None:
        return None
    _drop_adverts(tree)
    _drop_other_articles(tree)
    above = [*_standfirst(tree), *_captions(tree)]
    _set_notes_apart(tree)
    for element in list(tree.iter("div", "td")):
        _divided(element)
    found: Any = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},  # or it reads "© 2025" as a date
    )
    inner = _blocks(found.body) if found and found.body is not None else ()
    blocks = [part for block in inner for part in _parted(*block)]
    if not blocks:
        return None
    title = re.sub(f"{_CAPTION}|{_NOTE}", "", found.title or "").strip()  # a heading may hold half a broken page
    title, outlet, date = _of_telegram(tree, title, found.sitename or found.hostname, found.date)
    title, site = _parted_title(title, [text for text, _ in blocks[:3]])
    outlet = outlet or site
    blocks = [block for n, block in enumerate(blocks) if n > 2 or block[0] != title]
    lead: list[Paragraph] = [(title, "headline")] if title else []
    lead += [(text, kind) for text, kind in above if not any(text in block for block, _ in blocks)]
    text, marks = joined((*lead, *blocks))
    return Page(text, marks, title or None, outlet, date)


def _of_telegram(tree: Any, title: str, outlet: str | None, date: str | None) -> tuple[str, str | None, str | None]:
    """Title, outlet and date of a page; of Telegram's, which have no title, the outlet is the channel."""
    if export := tree.xpath(_EXPORTED):
        days = tree.xpath("//div[contains(@class, 'date')]/@title")
        return "", _line(export[0]), days[0] if days else None
    if outlet == "Telegram":  # a post's page is titled by its channel
        return "", title, date
    return title, outlet, date


def _parted_title(title: str, first: list[str]) -> tuple[str, str | None]:
    """A page's title as its own heading has it, and what stands behind that: "Talks resume | Norland Daily"."""
    for heading in first:
        if title.startswith(heading) and (behind := re.fullmatch(r"\s*[|›·–—-]\s*(.+)", title[len(heading) :])):
            return heading, behind[1]
    return title, None


def _drop_adverts(tree: Any) -> None:
    for element in tree.xpath(_ADVERTS, namespaces=_NAMESPACES):
        if _is_within(element, tree) and len(_line(element).split()) <= _ADVERT:
            element.drop_tree()
    for element in tree.xpath("//div[@class='media_wrap clearfix']"):  # Telegram's "Not included, change … settings"
        element.drop_tree()


def _drop_other_articles(tree: Any) -> None:
    """Take out teasers, sign-ups and comments by their class, and what is but a link to another article."""
    prose = _prose(tree)
    for element in tree.xpath(_RELATED, namespaces=_NAMESPACES):
        if _is_within(element, tree) and 2 * _prose(element) < prose:  # else it holds the article itself
            element.drop_tree()
    for element in list(tree.iter("p", "figcaption")):
        linked = " ".join(_line(link) for link in element.iter("a"))
        if linked and linked == (line := _line(element)) and " " in line and line[-1] not in '.!?…"”’':
            element.drop_tree()


def _prose(element: Any) -> int:
    return sum(len(_line(paragraph).split()) >= _PROSE for paragraph in element.iter("p"))


def _standfirst(tree: Any) -> list[Paragraph]:
    """The paragraph below the headline by its class, if there is one: it often stands above the article's element."""
    for element in tree.xpath(_STANDFIRST, namespaces=_NAMESPACES):
        line = _line(element)
        if 4 <= len(line.split()) <= 60:
            return [(line, None if line[-1] in ".!?…" else "subhead")]
    return []


def _captions(tree: Any) -> list[Paragraph]:
    """The captions, each of which is set apart before its figure with a mark."""
    found: list[Paragraph] = []
    for element in [*tree.iter("figcaption"), *tree.xpath(_CLASSES_CAPTION, namespaces=_NAMESPACES)]:
        line = _LICENCE.sub("", _line(element))
        figure = next((e for e in element.iterancestors("figure")), element)
        if not line or figure.getparent() is None or not _is_within(element, tree):
            continue
        if not any(e.tag in ("aside", "nav", "footer") for e in element.iterancestors()):
            found.append((line, "caption"))
        _set_before(figure, _CAPTION + line)
        element.drop_tree()
    return found


def _set_notes_apart(tree: Any) -> None:
    """Footnotes as a paragraph with a mark, their numbers in the text as raised ones."""
    for element in tree.xpath(_FOOTNOTES, namespaces=_NAMESPACES):
        if _is_within(element, tree) and (line := " ".join(" ".join(element.itertext()).split())):
            _set_before(element, _NOTE + line)
            element.drop_tree()
    for element in list(tree.iter("sup", "a")):
        note = element.tag == "sup" or re.match(r"#(?:fn|footnote|_ftn|note|ref)", element.get("href") or "")
        if note and re.fullmatch(r"\d{1,3}", mark := _line(element)):
            element.text = mark.translate(_RAISED)
            del element[:]


def _is_within(element: Any, tree: Any) -> bool:
    """Whether an element is still the tree's: what held it may have been taken out."""
    return any(e is tree for e in element.iterancestors())


def _set_before(element: Any, line: str) -> None:
    """Put a paragraph before an element, and take a class away for which trafilatura would drop it."""
    paragraph = element.makeelement("p", {})
    paragraph.text = line
    element.addprevious(paragraph)
    parent = element.getparent()
    if re.search(r"caption|footnote", parent.get("class") or ""):
        del parent.attrib["class"]


def _divided(element: Any) -> None:
    """Make paragraphs of lines that breaks and blocks part: trafilatura loses them behind a bold one or a block."""
    if element.find("br") is None:
        return
    parts = [_paragraph(element, element.text)]
    element.text = None
    for child in list(element):
        element.remove(child)
        if child.tag != "br" and child.tag not in _BLOCKS:
            parts[-1].append(child)
            continue
        after, child.tail = child.tail, None
        parts += [child, _paragraph(element, after)]
    element.extend(part for part in parts if part.tag != "br" and (part.attrib or len(part) or _line(part)))


def _paragraph(beside: Any, text: str | None) -> Any:
    paragraph = beside.makeelement("p", {})
    paragraph.text = text
    return paragraph


def _blocks(body: Any) -> Iterator[Paragraph]:
    """The paragraphs of what trafilatura found, in order; a furniture's heading takes the list below it along."""
    under: Kind | None = None
    for element in body:
        if element.tag == "head":
            line = _line(element)
            under = "boilerplate" if is_furniture(line) or _HEADING.fullmatch(line.rstrip(":")) else None
            yield line, under or "subhead"
        elif element.tag in ("list", "quote"):
            for text, kind in _inner(element):
                yield text, under or kind
        elif element.tag == "table":
            yield from _table(element)
        else:
            text = _lines(element)
            yield text, under if re.match(r"\[?\d{1,3}[\].)]|[¹²³⁴-⁹]", text) else None


def _parted(text: str, kind: Kind | None) -> Iterator[Paragraph]:
    """A paragraph, and apart from it the lines before which a mark was set, with the kinds that those stand for."""
    for part in re.split(f"(?={_CAPTION}|{_NOTE})", text):
        line, _, rest = part.partition("\n")
        if line.startswith((_CAPTION, _NOTE)):
            yield from _whole(line[line.index("⟧") + 1 :], "caption" if line.startswith(_CAPTION) else "boilerplate")
            yield from _whole(rest, kind)
        else:
            yield from _whole(part, kind)


def _whole(text: str, kind: Kind | None) -> Iterator[Paragraph]:
    if text := text.strip():
        yield text, kind


def _inner(element: Any) -> Iterator[Paragraph]:
    """A list's items and a quotation's paragraphs: never a heading, however short."""
    for part in (element.text, *element):
        text = part.strip() if isinstance(part, str) else "" if part is None else _lines(part)
        if text:
            yield text, "body"
        if part is not None and not isinstance(part, str) and (tail := (part.tail or "").strip()):
            yield tail, "body"


def _table(table: Any) -> Iterator[Paragraph]:
    """A table's rows, as what is not read; the cells as paragraphs where they lay out prose."""
    rows = [[_lines(cell) for cell in row.iter("cell")] for row in table.iter("row")]
    rows = [[cell for cell in row if cell] for row in rows]
    if any(len(cell.split()) >= _PROSE for row in rows for cell in row):
        yield from ((cell, None) for row in rows for cell in row)
    elif text := "\n".join(" | ".join(" ".join(cell.split()) for cell in row) for row in rows if row):
        yield text, "boilerplate"


def _line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _lines(element: Any) -> str:
    """An element's text, a line for every break and every paragraph in it."""
    parts = []
    for inner in element.iter():
        parts += ["\n" if inner.tag in ("lb", "p", "item", "quote", "head") else "", inner.text or ""]
        if inner is not element:
            parts += ["\n" if inner.tag in ("p", "item", "quote", "head") else "", inner.tail or ""]
    lines = ("".join(parts)).split("\n") if element.tag == "code" else _unwrapped(parts)
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _unwrapped(parts: list[str]) -> list[str]:
    """Lines as the mark-up breaks them: a line's end in the page's source is a space."""
    text = "".join(part if part == "\n" else re.sub(r"\s+", " ", part) for part in parts)
    return text.split("\n")
