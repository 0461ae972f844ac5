"""Annotated → the article as it stood: blocks of pieces, and where sources, heirs and terms meet in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from framing.schema import Annotated, Kind, Span, Tagged


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the article: a sentence with its number, counted from 1, or what was skipped (number 0)."""

    start: int
    end: int
    kind: Kind
    paragraph: int
    tagged: Tagged | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the part of one that is of one kind."""

    kind: Kind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """An article's blocks and the ways between its sources and its sentences.

    A source mention is known by its span; `homes` tells where on the page it begins, `heirs` the
    numbers of the sentences that inherit it, `users` of those that rest on an entity, `rows` an
    entity's row in the summary's table of sources, counted from 1.
    """

    blocks: tuple[Block, ...]
    homes: dict[Span, int]
    opened: dict[int, list[Span]]  # the mentions that begin at a place on the page
    edges: list[int]  # where mentions begin and end, sorted
    over: list[Span | None]  # the shortest mention from each edge to the next
    starts: list[int]  # of the pieces, and their numbers
    numbers: list[int]
    entities: dict[Span, str]
    heirs: dict[Span, list[int]]
    users: dict[str, list[int]]
    rows: dict[str, int]

    def anchor(self, span: Span) -> str:
        """The id of a mention on the page."""
        return f"m{span[0]}-{span[1]}"

    def mention(self, start: int, end: int) -> Span | None:
        """The shortest mention over a stretch that none begins or ends in."""
        at = bisect_right(self.edges, start) - 1
        return self.over[at] if at >= 0 and end > start else None

    def sentence(self, span: Span) -> int:
        """The number of the sentence in which a mention begins; 0 where it begins in what was skipped."""
        return self.numbers[bisect_right(self.starts, self.homes[span]) - 1]

    def runs(self, piece: Piece) -> Iterator[Span]:
        """Cut a piece wherever a mention or a term begins or ends."""
        terms = piece.tagged.loading.terms if piece.tagged else ()
        edges = self.edges[bisect_right(self.edges, piece.start) : bisect_left(self.edges, piece.end)]
        ends = (edge for term in terms for edge in (term.start, term.end) if piece.start < edge < piece.end)
        return pairwise(sorted({piece.start, piece.end, *edges, *ends}))


def layout(annotated: Annotated) -> Layout:
    """Lay an article out; offsets that lie outside it are left unlinked, never an error."""
    pieces = _pieces(annotated)
    starts = [piece.start for piece in pieces]
    homes: dict[Span, int] = {}
    opened: dict[int, list[Span]] = {}
    entities: dict[Span, str] = {}
    heirs: dict[Span, list[int]] = {}
    users: dict[str, list[int]] = {}
    for number, tagged in enumerate(annotated.sentences, 1):
        source = tagged.source
        if source is None:
            continue
        span = (source.start, source.end)
        users.setdefault(source.entity, []).append(number)
        at = max(0, bisect_right(starts, span[0]) - 1)
        home = next((max(p.start, span[0]) for p in pieces[at : at + 2] if p.start < span[1] and span[0] < p.end), None)
        if home is None or span[0] >= span[1]:
            continue
        if span not in homes:
            opened.setdefault(home, []).append(span)
        homes[span] = home
        entities.setdefault(span, source.entity)
        if source.inherited:
            heirs.setdefault(span, []).append(number)
    edges = sorted({edge for span in homes for edge in span})
    blocks = [block for _, group in groupby(pieces, key=lambda p: p.paragraph) for block in _blocks(list(group))]
    numbers = [piece.number for piece in pieces]
    rows = {source.entity: row for row, source in enumerate(annotated.summary.sources, 1)}
    return Layout(
        tuple(blocks), homes=homes, opened=opened, edges=edges, over=_over(homes, edges), starts=starts,
        numbers=numbers, entities=entities, heirs=heirs, users=users, rows=rows,
    )  # fmt: skip


def _over(spans: Iterable[Span], edges: Sequence[int]) -> list[Span | None]:
    """The shortest mention that lies over each stretch, from the first edge to the last."""
    waiting = sorted(spans, reverse=True)
    here: list[Span] = []
    over: list[Span | None] = []
    for edge in edges:
        here = [span for span in here if span[1] > edge]
        while waiting and waiting[-1][0] == edge:
            here.append(waiting.pop())
        over.append(min(here, key=lambda span: span[1] - span[0], default=None))
    return over


def _pieces(annotated: Annotated) -> list[Piece]:
    """Sentences, what was skipped, and any text that is in neither, in the order of the text."""
    known = [
        Piece(t.sentence.start, t.sentence.end, t.sentence.kind, t.sentence.paragraph, t, number)
        for number, t in enumerate(annotated.sentences, 1)
    ]
    known += [Piece(s.start, s.end, "boilerplate", s.paragraph) for s in annotated.skipped]
    known.sort(key=lambda piece: (piece.start, piece.end))
    text, end, paragraph = annotated.article.text, 0, 0
    pieces: list[Piece] = []
    for piece in known:
        if text[end : piece.start].strip():
            pieces.append(Piece(end, piece.start, "boilerplate", paragraph))
        pieces.append(piece)
        end, paragraph = max(end, piece.end), piece.paragraph
    if text[end:].strip():
        pieces.append(Piece(end, len(text), "boilerplate", paragraph))
    return pieces


def _blocks(pieces: list[Piece]) -> Iterator[Block]:
    """Cut a paragraph where its sentences change in kind; what was skipped stays with what it stood by."""
    kinds = [piece.kind for piece in pieces if piece.tagged]
    kind = kinds[0] if kinds else "boilerplate"
    group: list[Piece] = []
    for piece in pieces:
        if piece.tagged and piece.kind != kind:
            yield Block(kind, tuple(group))
            kind, group = piece.kind, []
        group.append(piece)
    yield Block(kind, tuple(group))
