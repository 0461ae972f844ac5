"""The HTML pages: structure, escaping, policy, anchors."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pages
import pytest
from lxml import etree

from framing.page import DENSE, index, to_html
from framing.schema import Annotated, Source
from framing.summary import count_sources

BUILT = {
    "plain": pages.plain,
    "hostile": pages.hostile,
    "persian": pages.persian,
    "single": pages.single,
    "long": pages.long,
}
ELEMENTS = set(
    "html head meta title style body div header footer main section nav article p h1 h2 h3 b a span bdi ol ul li svg"
    " rect text dl dt dd table thead tbody tr th td mark strong code br".split()
)
ATTRIBUTES = set(
    "lang charset http-equiv content name class id href title dir tabindex role aria-label aria-describedby aria-hidden"
    " scope x y dy width height data-name".split()
)


@pytest.fixture(params=BUILT)
def built(request: pytest.FixtureRequest) -> Annotated:
    return BUILT[request.param]()


def parse(page: str) -> etree._Element:
    """Parse strictly, as XML: marks that do not nest are an error."""
    return etree.fromstring(page.encode(), etree.XMLParser(resolve_entities=False, recover=False))


def classed(root: etree._Element, name: str) -> list[etree._Element]:
    return [e for e in root.iter("*") if name in (e.get("class") or "").split()]


def content(element: etree._Element) -> str:
    return "".join(element.itertext())


def spelled(text: str) -> str:
    """A text as the page shows it, with hidden characters spelled out."""
    hidden = "\u202e\u2066\u2069\u200e\u061c\u200b\u200d\u2060\ufeff\x00\x07\ud800\U000e0041"
    return "".join(f"⟦U+{ord(c):04X}⟧" if c in hidden else c for c in text)


def both(built: Annotated) -> list[str]:
    return [to_html(built), index([("a b.html", built), ("c.html", pages.plain())])]


def test_sentences_stand_once_in_order(built: Annotated) -> None:
    root = parse(to_html(built))
    assert [content(e) for e in classed(root.find(".//article"), "t")] == [
        spelled(t.sentence.text) for t in built.sentences
    ]


def test_whole_article_stands_in_order(built: Annotated) -> None:
    article = parse(to_html(built)).find(".//article")
    for extra in [e for name in ("b", "card", "back") for e in classed(article, name)]:
        tail, before = extra.tail or "", extra.getprevious()
        if before is None:
            extra.getparent().text = (extra.getparent().text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        extra.getparent().remove(extra)
    drop = {ord(space): None for space in " \t\n"}
    assert content(article).translate(drop) == spelled(built.article.text).translate(drop)


def test_only_known_elements_and_attributes(built: Annotated) -> None:
    for page in both(built):
        for element in parse(page).iter("*"):
            assert element.tag in ELEMENTS
            assert set(element.attrib) <= ATTRIBUTES


def test_anchors_resolve_on_the_page(built: Annotated) -> None:
    root = parse(to_html(built))
    ids = [e.get("id") for e in root.iter("*") if e.get("id")]
    assert len(ids) == len(set(ids))
    links = [e.get("href") for e in root.iter("*") if e.get("href")]
    assert links
    assert {link[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)
    assert all(e.get("aria-describedby") in ids for e in root.iter("*") if e.get("aria-describedby"))


def test_links_do_not_nest(built: Annotated) -> None:
    for link in parse(to_html(built)).iter("a"):
        assert not list(link.iter("a"))[1:]
        assert not [e for e in link.iter("*") if e.get("role") == "button"]


def test_policy_holds_for_the_style(built: Annotated) -> None:
    for page in both(built):
        head = page[: page.index("</head>")]
        style = re.search(r"<style>(.*)</style>", head, re.DOTALL)
        assert style
        digest = b64encode(sha256(style[1].encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        assert f'<meta http-equiv="Content-Security-Policy" content="{policy}" />' in head
        assert head.index("Content-Security-Policy") < head.index("<title>") < head.index("<style>")
        assert page.count("<style") == 1
        assert not re.search(r"@import|url\(|expression", style[1])


def test_nothing_comes_from_outside() -> None:
    for page in both(pages.plain()):
        assert "http:" not in page
        assert "https:" not in page
        assert not re.search(r"<script|<link|<img|<iframe|<object| on\w+=| style=| src=", page)


def test_hidden_characters_are_spelled_out_everywhere() -> None:
    for page in both(pages.hostile()):
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u061c\u2060\ufeff\x00\x07\ud800-\udfff\U000e0041]", page
        )
        title = parse(page).findtext(".//title") or ""
        assert title.endswith("framing")
    page = to_html(pages.hostile())
    assert '<span class="cp" dir="ltr">⟦U+202E⟧</span>' in page
    assert "⟦U+202E⟧desrever" in (parse(page).findtext(".//title") or "")


def test_overlapping_marks_nest() -> None:
    root = parse(to_html(pages.plain()))
    first = classed(root, "t")[1]
    assert [content(e) for e in classed(first, "src")] == ["state", " ", "media", " of the North"]
    assert [content(e) for e in classed(first, "adopted")] == ["heroic ", "state"]
    assert [content(e) for e in classed(first, "quoted")] == ["media"]
    assert classed(first, "quoted")[0].get("title") == "loaded language, quoted: praises"


def test_mentions_lead_to_heirs_and_back() -> None:
    root = parse(to_html(pages.plain()))
    mention = classed(root, "t")[1].find(".//a")
    assert mention.get("href") == "#s3"
    (back,) = classed(root, "back")
    assert back.get("href") == f"#{mention.get('id')}"
    assert content(back) == "↑2"
    assert classed(root, "t")[3].find(".//a").get("href") == "#source2"
    first, second = (content(e) for e in classed(root, "card")[1:3])
    assert first.endswith("Source: “state media of the North”, KCNA (state media), cue “said”Carried over to 3")
    assert second.endswith("carried over from sentence 2")


def test_a_source_of_two_classes_is_one_row_with_all_its_sentences() -> None:
    text = "Officials said so.\tOfficials denied it.\tOfficials left."
    tags = [
        pages.tagged(piece, 0, Source("Officials", piece.start, piece.start + 9, "Officials", cls))
        for piece, cls in zip(pages.sentences(text), ("state", "unknown", "state"), strict=True)
    ]
    built = pages.annotated(pages.Article(text), tags, sources=tuple(count_sources(tags)))
    root = parse(to_html(built))
    assert [content(row) for row in root.findall(".//tbody/tr")] == ["Officialsstate31 2 3"]
    assert [e.get("href") for e in root.find(".//article").iter("a")] == ["#source1"] * 3


def test_nested_and_shadowed_mentions_keep_their_anchors() -> None:
    text = "The North's state media said.\tIt won.\tIt sang."
    first, second, third = pages.sentences(text)
    outer = Source("The North's state media", 0, 23, "KCNA", "state_media")
    inner = replace(outer, text="state media", start=12)
    tags = [
        pages.tagged(first, 0, outer),
        pages.tagged(second, 0, replace(outer, inherited=True)),
        pages.tagged(third, 0, replace(inner, inherited=True)),
    ]
    root = parse(to_html(pages.annotated(pages.Article(text), tags)))
    assert [(content(e), e.get("id"), e.get("href")) for e in classed(root, "t")[0].iter("a")] == [
        ("The North's ", "m0-23", "#s2"),
        ("state media", "m12-23", "#s3"),
    ]
    same = replace(outer, text="The North", end=9)
    tags[0] = pages.tagged(first, 0, same)
    root = parse(to_html(pages.annotated(pages.Article(text), tags)))
    assert {e.get("id") for e in classed(root, "t")[0].iter("*")} - {None} == {"m0-9", "m0-23", "m12-23"}


@pytest.mark.parametrize("where", [(500, 510), (7, 7), (9, 3)])
def test_offsets_outside_the_article_are_left_unlinked(where: tuple[int, int]) -> None:
    text = "It won.\tIt sang."
    lost = Source("KCNA", *where, "KCNA", "state_media", inherited=True)
    tags = [pages.tagged(s, 0, lost) for s in pages.sentences(text)]
    root = parse(to_html(pages.annotated(pages.Article(text), tags)))
    assert not classed(root.find(".//article"), "src")
    assert not classed(root, "back")
    assert "Source: “KCNA”" in content(classed(root, "card")[0])


def test_mention_in_what_was_skipped() -> None:
    text = "It won.\tPhoto: KCNA"
    first, credit = pages.sentences(text)
    heir = pages.tagged(first, 0, pages.source(text, "KCNA", inherited=True))
    root = parse(to_html(pages.annotated(pages.Article(text), [heir], [credit])))
    assert [content(e) for e in classed(classed(root, "skip")[0], "src")] == ["KCNA"]
    assert content(classed(root, "back")[0]) == "↑"


def test_layout_of_the_article() -> None:
    root = parse(to_html(pages.plain()))
    assert [(e.tag, e.get("class")) for e in root.find(".//article")] == [
        ("h2", "headline"),
        ("p", "body"),
        ("p", "skip"),
    ]
    assert "plain" in (root.find(".//header").get("class") or "").split()
    assert [content(e).strip() for e in classed(root.find(".//article"), "skip") if e.tag == "span"] == [
        "SEOUL –",
        "Yonhap",
    ]


def test_text_that_no_record_covers_is_shown_dimmed() -> None:
    text = "Before.\tIt won.\tBetween.\tIt sang.\tAfter."
    tags = [pages.tagged(s) for s in pages.sentences(text) if s.text.startswith("It")]
    root = parse(to_html(pages.annotated(pages.Article(text), tags)))
    assert [content(e).strip() for e in classed(root.find(".//article"), "skip")] == ["Before.", "Between.", "After."]


def test_kinds_within_a_paragraph_are_set_apart() -> None:
    text = "A run-in heading\tKim sang.\tA picture."
    kinds = {0: "subhead", 2: "caption"}
    tags = [pages.tagged(s) for s in pages.sentences(text, kinds)]
    root = parse(to_html(pages.annotated(pages.Article(text), tags)))
    found = [(e.tag, e.get("class")) for e in root.find(".//article")]
    assert found == [("h3", "subhead"), ("p", "body"), ("p", "caption")]


def test_marks_of_a_sentence() -> None:
    root = parse(to_html(pages.plain()))
    signs = [e for e in classed(root.find(".//article"), "b") if e.get("role") == "button"]
    assert [content(e) for e in signs] == ["S", "S", "S", "A?++"]
    assert signs[3].get("aria-label") == "Sentence 4: analyst speculation, 45%, uncertain"
    assert all(e.get("tabindex") == "0" for e in signs)
    assert [e.get("class") for e in classed(root.find(".//article"), "s")] == ["s S c5"] * 3 + ["s A c1 u"]
    assert [content(e) for e in root.find(".//nav").iter("a")] == ["S", "S", "S", "A?"]


def test_a_confident_label_may_be_uncertain_for_its_source() -> None:
    made = pages.plain()
    first = replace(made.sentences[0], uncertain=True)
    root = parse(to_html(replace(made, sentences=(first, *made.sentences[1:]))))
    card = classed(root.find(".//article"), "card")[0]
    assert content(card).startswith("1. State media claim, 91%uncertain: below the model’s threshold, or the named")
    assert (card[1].text or "").startswith("uncertain: ")
    assert "too close to call, or at odds with its source" in content(root)


def test_summary_and_footer() -> None:
    page = to_html(pages.plain())
    text = " ".join(content(parse(page).find("body")).split())
    assert "4 sentences, 1 of them uncertain" in text
    assert "State media claim75%" in text
    assert "One state’s word." in text
    assert "KCNAstate media22 3" in text
    assert "A sentence’s provenance is not its truth." in text
    assert f"Model tiny, version 1.2.3, SHA-256 {'ab' * 32}" in text
    assert '<rect class="S" x="0.00%" width="75.00%" height="100%" />' in page


def test_without_terms_or_sources() -> None:
    root = parse(to_html(pages.single()))
    article = root.find(".//article")
    assert not classed(article, "term") + classed(article, "src")
    assert root.find(".//table") is None
    assert "1 sentence" in content(root)
    assert root.findtext(".//h1") == "Untitled article"


def test_right_to_left() -> None:
    root = parse(to_html(pages.persian()))
    assert root.get("lang") == "fa"
    assert all(e.get("dir") == "auto" for e in root.find(".//article"))
    # whatever of ours stands in a paragraph has a direction of its own, so that the article decides
    for name in ("b", "card", "back"):
        assert all(e.get("dir") == "ltr" for e in classed(root.find(".//article"), name))


def test_letters_leave_a_strip_that_is_too_dense() -> None:
    assert "dense" in to_html(pages.long(DENSE + 3))
    assert 'class="strip dense"' not in to_html(pages.long(DENSE))


@pytest.mark.parametrize(
    ("href", "link"),
    [
        ("a/b c.html", "./a/b%20c.html"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//evil.example/x", ".///evil.example/x"),
        ("x\udcff.html", "./x%FF.html"),
        ('"><script>', "./%22%3E%3Cscript%3E"),
    ],
)
def test_index_links_stay_beside_it(href: str, link: str) -> None:
    root = parse(index([(href, pages.hostile())]))
    assert [e.get("href") for e in root.iter("a")] == [link]


def test_index_shows_summaries_side_by_side() -> None:
    root = parse(index([("a.html", pages.plain()), ("b.html", pages.single())]))
    rows = [[content(cell) for cell in row] for row in root.find(".//tbody")]
    assert rows[0] == [
        "Heroes hailedYonhap, 2026-01-01", "4", "75%", "0%", "25%", "SA", "0.40", "25%", "50%",
        "KCNA (2); analysts (1)", "One state’s word.",
    ]  # fmt: skip
    assert rows[1][0] == "Untitled article"
    assert content(root.find(".//footer")).count("SHA-256") == 1
