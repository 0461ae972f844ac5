"""Sentences in their article → what the models read; the one place, for training and serving alike.

A window is a stretch of the article in one encoder pass: a header naming the outlet and its class,
then the sentences, each closed by the separator token. Every token carries a mark: what kind of name
it belongs to (see MARKS), so that the encoder need not know whose spokesman is who.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framing.document import Document
from framing.registry import SOURCE_CLASSES
from framing.schema import FramingError, Mention, OutletClass, Sentence, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MARKS: tuple[str, ...] = (
    "none",
    *SOURCE_CLASSES,
    "place_closed",
    "place_contested",
    "place_open",
    "outlet_state",
    "outlet_independent",
    "outlet_unknown",
    "headline",
    "subhead",
    "caption",
    "body",
)
_WORD = re.compile(r"[\w“”\"]+")
_MARK = {name: index for index, name in enumerate(MARKS)}

MAX_TOKENS = 384  # of a window; attention is still a twelfth of the encoder's work at this length
MAX_SENTENCE = 160  # tokens of one sentence that the encoder sees; 3 in 10,000 are longer
CONTEXT = 2  # sentences a window repeats from the one before
MAX_OUTLET = 16  # tokens of the outlet's name


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence as the encoder reads it; `offsets` are character offsets into the sentence."""

    ids: tuple[int, ...]
    marks: tuple[int, ...]
    offsets: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One encoder pass.

    `spans` gives, for each sentence in it, its place in the article's list, its first token and the end
    behind its separator; `core` are the sentences it answers for.
    """

    ids: tuple[int, ...]
    marks: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]
    core: range


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be cut into windows."""

    head: Tokens
    sentences: tuple[Tokens, ...]
    kinds: tuple[str, ...]


def prepare(tokenizer: Tokenizer, document: Document) -> Prepared:
    """Tokenise an article's sentences and header and mark the names in them."""
    head = header(tokenizer, document.article.outlet, document.outlet_class)
    tokens = spoken(encode(tokenizer, document), document)
    return Prepared(head, tuple(tokens), tuple(s.kind for s in document.sentences))


def load_tokenizer(file: Path) -> Tokenizer:
    """Open a tokenizer.json without padding or truncation; offsets then cover every character."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises a bare Exception
        raise FramingError(f"{file}: not a tokenizer ({error})") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def mark_of(mention: Mention) -> int:
    """The mark of a mention's tokens."""
    name = f"place_{mention.tier or 'open'}" if mention.cls == "place" else mention.cls
    return _MARK[name]


def outlet_name(outlet: str | None) -> str:
    """An outlet's name without what is appended in brackets or after a slash ("AP (via ABC)")."""
    name = (outlet or "").split(" (")[0].split(" / ")[0].strip()
    return "" if name.casefold() in ("", "-", "unknown", "none") else name


def encode(tokenizer: Tokenizer, document: Document) -> list[Tokens]:
    """Tokenise an article's sentences and mark the tokens of known names."""
    # not as a batch: its threads and those of ONNX Runtime that wait for work are in each other's way
    out = []
    for sentence in document.sentences:
        encoding = tokenizer.encode(sentence.text, add_special_tokens=False)
        ids = encoding.ids[: MAX_SENTENCE - 1]
        offsets = encoding.offsets[: MAX_SENTENCE - 1]
        marks = [0] * len(ids)
        token = 0
        for mention in document.mentions_in(sentence.start, sentence.end):
            start, end = mention.start - sentence.start, mention.end - sentence.start
            while token < len(ids) and offsets[token][1] <= start:
                token += 1
            while token < len(ids) and offsets[token][0] < end:
                marks[token] = mark_of(mention)
                token += 1
        out.append(Tokens(tuple(ids), tuple(marks), tuple(offsets)))
    return out


def spoken(tokens: list[Tokens], document: Document) -> list[Tokens]:
    """Each sentence of a turn of an interview behind its speaker's name, as the turn's first sentence is written.

    The tokens of the name stand at no place in the sentence: their offsets are (0, 0).
    """
    opening, out = Tokens((), (), ()), []
    for sentence, row in zip(document.sentences, tokens, strict=True):
        if sentence.start in document.turns:
            name = document.turns[sentence.start]
            size = sum(a < name[1] - sentence.start + 1 for a, _ in row.offsets) if name else 0  # and the colon
            opening = Tokens(row.ids[:size], row.marks[:size], ((0, 0),) * size)
        elif opening.ids and document.in_turn(sentence):
            room = MAX_SENTENCE - 1 - len(opening.ids)
            ids, marks, offsets = opening.ids + row.ids[:room], opening.marks + row.marks[:room], row.offsets[:room]
            row = Tokens(ids, marks, opening.offsets + offsets)
        out.append(row)
    return out


def header(tokenizer: Tokenizer, outlet: str | None, outlet_class: OutletClass) -> Tokens:
    """The window's opening: the outlet's name, every token marked with its class."""
    name = outlet_name(outlet) or "unknown"
    text = f"{outlet_class} outlet: {name}"
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids = tuple(encoding.ids[:MAX_OUTLET])
    return Tokens(ids, (_MARK[f"outlet_{outlet_class}"],) * len(ids), tuple(encoding.offsets[:MAX_OUTLET]))


def windows(
    prepared: Prepared, edges: tuple[int, int], max_tokens: int = MAX_TOKENS, first: int | None = None
) -> list[Window]:
    """Cut an article into windows of at most max_tokens; each repeats CONTEXT sentences of the last.

    Only those sentences and one more may take more, up to MAX_SENTENCE tokens each besides the header. Every
    sentence is in exactly one core. A window that is not the last leaves its last sentence to the next one,
    where it has what follows it. `edges` are the ids of the tokens that open a window and close a sentence.
    `first` limits the first window's sentences (training varies it, so that a sentence is met in more than
    one place).
    """
    head, sentences, kinds = prepared.head, prepared.sentences, prepared.kinds
    cls_id, sep_id = edges
    opening_ids = (cls_id, *head.ids, sep_id)
    mark = head.marks[0] if head.marks else 0
    opening_marks = (mark, *head.marks, mark)
    out: list[Window] = []
    core_start = 0
    while core_start < len(sentences):
        begin = max(0, core_start - CONTEXT)
        ids, marks, spans = list(opening_ids), list(opening_marks), []
        at = begin
        while at < len(sentences):
            tokens = sentences[at]
            full = len(ids) + len(tokens.ids) + 1 > max_tokens
            limited = first is not None and not out and at - begin >= first
            if at > core_start and (full or limited):
                break
            spans.append((at, len(ids), len(ids) + len(tokens.ids) + 1))
            ids += (*tokens.ids, sep_id)
            marks += (*tokens.marks, _MARK.get(kinds[at], _MARK["body"]))
            at += 1
        last = at >= len(sentences)
        core_end = at if last or at - 1 <= core_start else at - 1
        out.append(Window(tuple(ids), tuple(marks), tuple(spans), range(core_start, core_end)))
        core_start = core_end
    return out


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as the baseline reads it: four texts, each for a TF-IDF of its own."""

    text: str
    marked: str  # the text in small letters, without punctuation, every known name replaced by its class
    before: tuple[str, ...]  # the words of the marked sentence before this
    after: tuple[str, ...]  # of the one behind it
    facts: str  # outlet class, kind, place, quotation, one word each

    @property
    def context(self) -> str:
        """The words before ("p_…") and after ("n_…")."""
        return " ".join([*(f"p_{word}" for word in self.before), *(f"n_{word}" for word in self.after)])


def views(document: Document) -> list[View]:
    """What the baseline reads of each sentence of an article."""
    outlet = f"outlet_{document.outlet_class}"
    marked = [("start",), *(_marked(document, sentence) for sentence in document.sentences), ("end",)]
    about = " ".join(_about(document))
    out = []
    for i, sentence in enumerate(document.sentences):
        before, here, after = marked[i : i + 3]
        share = document.quotations.share(sentence.start, sentence.end)
        quoted = "none" if not share else "all" if share > 0.9 else "part"
        facts = f"{outlet} {sentence.kind} {outlet}_{sentence.kind} place_{min(i, 3)} quoted_{quoted} {about}"
        out.append(View(sentence.text, " ".join(here), before, after, facts))
    return out


def _about(document: Document) -> list[str]:
    """The two commonest kinds of name in an article, alone and with its outlet's class."""
    total = Counter(MARKS[mark_of(mention)] for mention in document.mentions)
    common = [name for name, _ in total.most_common(2)]
    return [*(f"about_{name}" for name in common), *(f"about_{name}_{document.outlet_class}" for name in common)]


def _marked(document: Document, sentence: Sentence) -> tuple[str, ...]:
    """The words and quotation marks of a sentence, a known name's class for the name."""
    text, parts, done = document.article.text, [], sentence.start
    for mention in document.mentions_in(sentence.start, sentence.end):
        parts += [text[done : mention.start], f" xx{MARKS[mark_of(mention)]} "]
        done = mention.end
    parts.append(text[min(done, sentence.end) : sentence.end])
    return tuple(_WORD.findall("".join(parts).lower()))
