"""Annotated records built by hand for the tests of the HTML pages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from framing.schema import (
    LABELS,
    Annotated,
    Article,
    Kind,
    Loading,
    ModelInfo,
    Sentence,
    Source,
    SourceCount,
    Summary,
    Tagged,
    Term,
)

MODEL = ModelInfo("tiny", "1.2.3", "ab" * 32)
SCORES = ((0.91, 0.06, 0.03), (0.1, 0.7, 0.2), (0.2, 0.35, 0.45))


def tagged(sentence: Sentence, label: int = 0, source: Source | None = None, terms: Iterable[Term] = ()) -> Tagged:
    scores = SCORES[label]
    loading = Loading(label % 3, 0.4, tuple(terms))
    return Tagged(sentence, scores, LABELS[label], max(scores), max(scores) < 0.5, loading, source)


def sentences(text: str, kinds: dict[int, Kind] | None = None) -> list[Sentence]:
    """A sentence between tabs, a paragraph a line."""
    found = []
    for match in re.finditer(r"[^\t\n]+", text):
        index, paragraph = len(found), text[: match.start()].count("\n")
        kind = (kinds or {}).get(index, "body")
        found.append(Sentence(index, match.start(), match.end(), kind, match[0], paragraph))
    return found


def annotated(article: Article, tags: Iterable[Tagged], skipped: Iterable[Sentence] = (), **more: object) -> Annotated:
    tags = tuple(tags)
    n = len(tags)
    shares = {label: sum(t.label == label for t in tags) / n for label in LABELS}
    summary = Summary(n, shares, 0.4, 0.25, 0.5, **more)  # type: ignore[arg-type]
    return Annotated(MODEL, article, "unknown", tags, tuple(skipped), summary)


def span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


def source(text: str, part: str, entity: str = "KCNA", inherited: bool = False) -> Source:
    return Source(part, *span(text, part), entity, "state_media", None if inherited else "said", inherited)


def term(text: str, part: str, quoted: bool = False, reason: str = "praises") -> Term:
    return Term(part, *span(text, part), "loaded_language", "quoted" if quoted else "adopted", reason)


PLAIN = (
    "Heroes hailed\nSEOUL – \tThe heroic state media of the North said so.\tIt won honour.\tAnalysts doubt it.\nYonhap"
)


def plain() -> Annotated:
    """A headline, a dateline, three sentences (one inherits its source) and an agency tag."""
    pieces = sentences(PLAIN, {0: "headline"})
    head, dateline, first, second, third, tag = pieces
    origin = source(PLAIN, "state media of the North")
    tags = [
        tagged(head),
        # the mention begins inside the first term and holds the second
        tagged(first, 0, origin, [term(PLAIN, "heroic state"), term(PLAIN, "media", quoted=True)]),
        tagged(second, 0, source(PLAIN, "state media of the North", inherited=True)),
        tagged(third, 2, Source("Analysts", *span(PLAIN, "Analysts"), "analysts", "analyst", None)),
    ]
    counts = (SourceCount("KCNA", "state_media", 2), SourceCount("analysts", "analyst", 1))
    article = Article(PLAIN, title="Heroes hailed", outlet="Yonhap", date="2026-01-01")
    return annotated(
        article, tags, [dateline, tag], sources=counts, reliance={"state": 0.75}, notes=("One state’s word.",)
    )


ATTACKS = (
    "<script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "\" autofocus onfocus=\"document.title='pwned'\" x='",
    "' style='position:fixed' onmouseover='alert(1)",
    "javascript:document.title='pwned'",
    "</title></style></span></p><iframe srcdoc='<script>top.document.title=1</script>'></iframe>",
    "<svg/onload=document.title='pwned'><base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example><link rel=stylesheet href=//evil.example>",
    "<a href='javascript:alert(1)'>&lt;b&gt; ]]> --> <!-- &#x3c;",
    "\u202edesrever\u2066iso\u2069\u200emark\u061c zero\u200bwidth\u200d\u2060\ufeff",
    "nul\x00bell\x07 lone\ud800 tag\U000e0041",
)


def hostile() -> Annotated:
    """Attacks in every field that an article, a registry or a model can fill."""
    text = "\n".join(attack + "\t" + attack for attack in ATTACKS) + "\nSkipped " + ATTACKS[0]
    pieces = sentences(text)
    evil = " ".join(ATTACKS)
    tags = []
    for i, piece in enumerate(pieces[:-1]):
        middle = (piece.start + piece.end) // 2
        terms = [
            Term(evil, piece.start, middle + 2, evil, "adopted", evil),
            Term(evil, middle, piece.end, evil, "quoted", evil),
        ]
        origin = pieces[i - i % 2]
        where = (origin.start + 3, origin.end - 1)
        tags.append(tagged(piece, i % 3, Source(evil, *where, evil, evil, evil, inherited=bool(i % 2)), terms))
    article = Article(text, evil, evil, evil, evil, evil, (evil,))
    counts = (SourceCount(evil, evil, 3),)
    built = annotated(article, tags, pieces[-1:], sources=counts, reliance={evil: 0.5}, notes=(evil,))
    return Annotated(ModelInfo(evil, evil, evil), *(getattr(built, n) for n in list(built.__slots__)[1:]))


PERSIAN = "کیم به سربازان درود فرستاد.\tKCNA گفت که آنان «قهرمان» اند."


def persian() -> Annotated:
    first, second = sentences(PERSIAN)
    tags = [tagged(first), tagged(second, 0, source(PERSIAN, "KCNA"), [term(PERSIAN, "قهرمان", quoted=True)])]
    return annotated(Article(PERSIAN, title="درود", language="fa"), tags)


def single() -> Annotated:
    return annotated(Article("One."), [tagged(sentences("One.")[0])])


def long(count: int = 120) -> Annotated:
    text = "\n".join("\t".join(f"Sentence {i} of some length." for i in range(j, j + 3)) for j in range(0, count, 3))
    return annotated(Article(text, path="a/long.txt"), [tagged(s, s.index % 3) for s in sentences(text)])
