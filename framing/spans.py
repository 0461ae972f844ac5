"""Labelled articles as texts with spans, as annotation tools know them, and back.

A sentence is a span labelled `state_media_claim/1` (label and loading grade), `unlabelled` or
`boilerplate`; a source mention is a span `source` inside it. What a span cannot say, the header's
facts and each line's kind and paragraph, travels beside the text as `article`, `event`, `outlet`,
`state_outlet`, `country`, `genre`, `date`, `extra` and `sentences` (start, end, kind, paragraph).
Offsets count Unicode code points.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, NamedTuple, get_args

from framing import registry
from framing.line_format import one_line, tidy
from framing.records import HEADER_FACTS, LabelledArticle, LabelledSentence, not_empty
from framing.schema import GRADES, LABELS, Article, FramingError, Kind, Prediction, Span
from framing.split import split

SENTENCE_NAMES = tuple(f"{label}/{grade}" for label in LABELS for grade in GRADES)
SPAN_NAMES = (*SENTENCE_NAMES, "unlabelled", "boilerplate", "source")
KINDS: tuple[Kind, ...] = get_args(Kind)
_TOLD = tuple(key for key in HEADER_FACTS if key != "state_outlet")  # the facts that are text


class NamedSpan(NamedTuple):
    """A labelled stretch of an article's text; predicted ones carry their confidence."""

    start: int
    end: int
    name: str
    score: float | None = None


def spans_of(article: LabelledArticle) -> list[NamedSpan]:
    """What is labelled, in the order of the text; a source mention stands behind its sentence."""
    out = []
    for row, (start, end) in zip(article.sentences, article.place()[1], strict=True):
        name = "boilerplate" if row.kind == "boilerplate" else "unlabelled"
        out.append(NamedSpan(start, end, name if row.label is None else f"{LABELS[row.label]}/{row.grade}"))
        if row.mention:
            out.append(NamedSpan(start + row.mention[0], start + row.mention[1], "source"))
    return out


def predicted_spans(article: LabelledArticle, predictions: Sequence[Prediction]) -> list[NamedSpan]:
    """What a model would label in the sentences that have no label yet."""
    out = []
    for row, sentence, found in zip(article.readable, article.assemble()[1], predictions, strict=True):
        if row.label is None:
            name, score = f"{found.label}/{found.grade}", round(found.confidence, 4)
            out.append(NamedSpan(sentence.start, sentence.end, name, score))
            if found.span and not row.mention:
                out.append(NamedSpan(sentence.start + found.span[0], sentence.start + found.span[1], "source", score))
    return out


def facts_of(article: LabelledArticle) -> dict[str, Any]:
    """What spans cannot say: the header's facts, and every line's place, kind and paragraph."""
    return {
        "article": article.id,
        **{key: getattr(article, key) for key in _TOLD},
        "state_outlet": article.state_outlet,
        "extra": article.extra,
        "sentences": [
            {"start": start, "end": end, "kind": row.kind, "paragraph": row.paragraph}
            for row, (start, end) in zip(article.sentences, article.place()[1], strict=True)
        ],
    }


def header_of(facts: Mapping[str, Any], file: str, line: int) -> LabelledArticle:
    """An article without lines from its facts; those not given are "" (and then not contradicted by anyone).

    Raises FramingError where no article is named, or state_outlet or extra is not what it should be.
    """
    where = f"{file}:{line}"
    name = facts.get("article")
    if not isinstance(name, str | int) or not str(name).strip():
        raise FramingError(f'{where}: no "article": whose sentences these are is not said')
    text = {key: str(facts.get(key) or "") for key in _TOLD}
    state, extra = str(facts.get("state_outlet", "")).lower(), decoded(facts.get("extra") or {}, where)
    if state not in ("true", "false", "", "none"):
        raise FramingError(f"{where}: state_outlet is {facts['state_outlet']!r}, neither true nor false")
    if state in ("", "none"):  # not said: as the registry has it
        state = str(registry.builtin().outlet_class(text["outlet"]) == "state").lower()
    if not isinstance(extra, dict):
        raise FramingError(f"{where}: extra is not a JSON object")
    return LabelledArticle(
        id=str(name), **text, state_outlet=state == "true", sentences=(), file=file, line=line, extra=extra
    )


def decoded(value: Any, where: str) -> Any:
    """A value that may have travelled as JSON in a string."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise FramingError(f"{where}: not JSON in extra or sentences ({error})") from error


def article_of(
    text: Any, spans: Iterable[NamedSpan], facts: Mapping[str, Any], file: str, line: int
) -> LabelledArticle:
    """A labelled article from a text with spans; `line` is its number in the file.

    Where the facts do not say which stretches are sentences, framing.split does. Raises FramingError
    for an unknown label, a span that is not exactly a sentence, two readings of one sentence, and no sentence at all.
    """
    where = f"{file}:{line}"
    if not isinstance(text, str) or not text.strip():
        raise FramingError(f"{where}: no text")
    places, rows = _lines(text, facts, where, line)
    by_place = {place: index for index, place in enumerate(places)}
    names: dict[int, list[str]] = {}
    mentions: dict[int, list[Span]] = {}
    for span in spans:
        if span.name not in SPAN_NAMES:
            raise FramingError(f"{where}: unknown label {span.name!r} (known: {', '.join(SPAN_NAMES)})")
        if not 0 <= span.start < span.end <= len(text):
            raise FramingError(f"{where}: span {span.start}–{span.end} is not in the text of {len(text)} characters")
        index = _around(places, span) if span.name == "source" else by_place.get(span[:2])
        if index is None:
            raise FramingError(f"{where}: {_shifted(text, places, span)}")
        if span.name == "source":
            start = places[index][0]
            mentions.setdefault(index, []).append((span.start - start, span.end - start))
        else:
            names.setdefault(index, []).append(span.name)
    for index, row in enumerate(rows):
        named = _named(row, names.get(index, []), f"{where}: line {index}")
        rows[index] = _sourced(named, mentions.get(index, []), f"{where}: line {index}")
    return not_empty(replace(header_of(facts, file, line), sentences=tidy(rows)))


def _lines(text: str, facts: Mapping[str, Any], where: str, line: int) -> tuple[list[Span], list[LabelledSentence]]:
    """Where an article's lines stand in its text, and they themselves, without labels yet."""
    layout = decoded(facts.get("sentences"), where)
    if layout is None:
        pieces = sorted((piece for part in split(Article(text)) for piece in part), key=lambda piece: piece.start)
        layout = [{"start": s.start, "end": s.end, "kind": s.kind, "paragraph": s.paragraph} for s in pieces]
    try:
        places = [(int(row["start"]), int(row["end"])) for row in layout]
        kinds = [(KINDS[KINDS.index(row["kind"])], int(row["paragraph"])) for row in layout]
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise FramingError(f"{where}: sentences need start, end, kind and paragraph ({error})") from error
    at = 0
    for index, (start, end) in enumerate(places):
        if text[at:start].strip() or not at <= start < end <= len(text) or not text[start:end].strip():
            raise FramingError(
                f"{where}: line {index} is said to stand at {start}–{end}, where the text reads {text[start:end]!r}"
                f" behind {text[at:start]!r}: shifted offsets"
            )
        at = end
    if text[at:].strip():
        raise FramingError(f"{where}: {text[at:].strip()[:60]!r} at the end is in none of the {len(places)} lines")
    rows = [
        LabelledSentence(one_line(text[a:b]), None, None, kind, paragraph, None, line)
        for (a, b), (kind, paragraph) in zip(places, kinds, strict=True)
    ]
    return places, rows


def _named(row: LabelledSentence, names: Sequence[str], where: str) -> LabelledSentence:
    """A line with the label its spans give it; `unlabelled` says that it is a sentence, and gives way to a label."""
    decided = [name for name in names if name != "unlabelled"]
    if len(set(names if "boilerplate" in names else decided)) > 1:
        found = " and ".join(dict.fromkeys(names))
        raise FramingError(f"{where} is labelled {found} (conflicting annotators?): {row.text!r}")
    if not names:
        return row
    if "boilerplate" in names:
        return replace(row, kind="boilerplate")
    kind: Kind = "body" if row.kind == "boilerplate" else row.kind
    if not decided:
        return replace(row, kind=kind)
    label, grade = decided[0].split("/")
    return replace(row, label=[*map(str, LABELS)].index(label), grade=int(grade), kind=kind)


def _sourced(row: LabelledSentence, mentions: Sequence[Span], where: str) -> LabelledSentence:
    """A line with its source mention."""
    if len(set(mentions)) > 1:
        found = " and ".join(repr(row.text[slice(*mention)]) for mention in dict.fromkeys(mentions))
        raise FramingError(f"{where} has the sources {found}, and one is allowed (conflicting annotators?)")
    if mentions and row.kind == "boilerplate":
        raise FramingError(f"{where} is boilerplate and has a source {row.text[slice(*mentions[0])]!r}")
    return replace(row, mention=mentions[0]) if mentions else row


def _around(places: Sequence[Span], span: NamedSpan) -> int | None:
    """The number of the sentence a span lies in; `places` are in order."""
    at = bisect_right(places, span.start, key=itemgetter(0)) - 1
    return at if at >= 0 and span.end <= places[at][1] else None


def _shifted(text: str, places: Sequence[Span], span: NamedSpan) -> str:
    """Say which sentence a span misses."""
    start, end = max(places, key=lambda place: min(place[1], span.end) - max(place[0], span.start))
    inside = "inside" if span.name == "source" else "exactly"
    return (
        f"{span.name} at {span.start}–{span.end} {text[span.start : span.end]!r} is not {inside} "
        f"the sentence at {start}–{end} {text[start:end]!r}"
    )
