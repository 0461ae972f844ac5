"""Article → sentences with exact offsets and kind, and what is not a sentence.

Blocks (paragraphs) are found first and told apart: headline, subhead, body, caption, boilerplate.
sentencex cuts a block into sentences; `_mend` corrects what news breaks. Why sentencex: README, "Sentences".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from framing.archives import running
from framing.blocks import Place, blocks, cut
from framing.furniture import NOTE_MARK
from framing.lines import spaced, strip, unquoted
from framing.notices import links
from framing.patterns import CAPITAL, WEEKDAY
from framing.schema import Article, Kind, Sentence, Span
from framing.turns import turns

_NO_BREAK = re.compile(
    r"(?:\b(?:[ap]\.m|U\.S|U\.N|U\.K|E\.U|D\.C|N\.C|S\.C|No|Nos|Fig|Gen|Lt|Col|Maj|Adm|Capt|Sgt|Brig|Sen|Rep|Gov|Dr|Mr"
    r"|Mrs|Ms|Prof|Rt|Hon|St|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Jr|vs|Inc|Corp|Co|Ltd|Art|approx|est|mln|bn|[A-Z])"
    r"(?<! on X)(?<! to X)\.|^(?:Figure|Fig\.|Map|Table|Chart) \d{1,2}\.)\s*$"
)
_INITIALS = re.compile(r"\b(?:[ap]\.m|U\.S|U\.N|U\.K|E\.U|D\.C|N\.C|S\.C|Inc|Corp|Co|Ltd|Jr)\.\s*$")
_CLOCK = re.compile(r"\b[ap]\.m\.\s*$")
_AFTER_CLOCK = re.compile(
    rf"(?:[A-Z]{{2,4}}\b|(?:Eastern|Central|Mountain|Pacific|Universal|Greenwich)\b|{WEEKDAY}"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|(?:\w+ ){1,2}time\b|[a-z(\[])"
)
_QUESTION = re.compile(r"[!?][”\"’]$")
_ASKED = re.compile(  # behind a quotation that ends in "?" or "!"
    rf"(?!(?:He|She|They|It|We|I|You|This|That) )(?:[{CAPITAL}][\w.’'-]*,? ){{1,8}}"
    r"(?:said|says|asked|asks|told|wrote|added|proclaimed|shouted|declared|exclaimed|replied)\b"
)
_DANGLING = re.compile(r"\s(?:[“‘«]|``|[\"'])$")
_MARKS = re.compile(rf"{NOTE_MARK}+(?=\s|$)")
_NEW_START = re.compile(r"[\"“‘'(]*(?:The|He|She|It|They|But|This|These|His|Her|Their|In|On|We)\b")


def split(article: Article) -> tuple[list[Sentence], list[Sentence]]:
    """Return an article's sentences and what was skipped (kind "boilerplate"), each in order.

    Together they hold every character that is neither white space nor of zero width, once. Never raises; a text whose
    every block looks like boilerplate is taken as body text, so that nothing is lost silently.
    """
    text = article.text
    found = list(_told_apart(article))
    if not found and text.strip():  # zero-width spaces alone
        found = [(0, len(text), "body", 0)]
    if not any(kind != "boilerplate" for _, _, kind, _ in found):
        found = [(a, b, "body", p) for a, b, _, p in found]
    sentences: list[Sentence] = []
    skipped: list[Sentence] = []
    for a, b, kind, paragraph in found:
        rows = skipped if kind == "boilerplate" else sentences
        rows.append(Sentence(len(rows), a, b, kind, text[a:b], paragraph))
    return sentences, skipped


def _told_apart(article: Article) -> Iterator[tuple[int, int, Kind, int]]:
    """Where each sentence, and what is none, begins and ends, its kind and its paragraph's number."""
    text, title = article.text, _norm(article.title or "")
    place: Place = "top"
    spans = list(blocks(text))
    known = _known(article, spans)
    for paragraph, (start, end) in enumerate(spans):
        told = known.get(start)
        stands: Place = "below" if told == "body" else place  # a turn "PRESIDENT LIND: …" has no dateline
        skipped, rest, kind = cut(text, start, end, stands, last=paragraph == len(spans) - 1)
        if told == "boilerplate":
            skipped, rest = ((start, end),), None
        elif told == "headline":  # whatever it looks like: "Campaign Assessment, July 3, 2025"
            skipped, rest, kind = (), (start, end), told
        for a, b in skipped:
            yield a, b, "boilerplate", paragraph
        if rest is None:
            continue
        kind = "headline" if title and _norm(text[start:end]) == title else told or kind
        if kind in ("headline", "subhead"):
            yield *rest, kind, paragraph
        else:
            for a, b, heading in _run_in(text, _sentences(text, *rest)):
                yield a, b, "subhead" if heading else kind, paragraph
        if kind == "body":
            place = "below"
        elif kind == "headline":
            title = title or _norm(text[slice(*rest)])
            place = "opening" if place == "top" else place


def _known(article: Article, spans: list[Span]) -> dict[int, Kind]:
    """What paragraphs are by more than their own form: the page’s mark-up, speakers’ turns, heads of printed pages."""
    text, marks = article.text, iter(article.marks)
    spoken = turns(text, spans)
    known: dict[int, Kind] = dict.fromkeys(spoken, "body")
    if spoken:  # a short question in a transcript is someone's, marked or not
        first = min(spoken)
        known |= {a: "body" for a, b in spans if a > first and text[b - 1] == "?"}
    paragraphs = [text[slice(*span)] for span in spans]
    heads = running(paragraphs)
    known |= {span[0]: "boilerplate" for span, paragraph in zip(spans, paragraphs, strict=True) if paragraph in heads}
    known |= {spans[number][0]: "boilerplate" for number in links(paragraphs)}
    mark = next(marks, None)
    for start, end in spans:
        while mark and mark[1] <= start:
            mark = next(marks, None)
        if mark and mark[0] <= start and end <= mark[1]:
            known[start] = mark[2]
    return known


def _norm(text: str) -> str:
    return " ".join(text.split()).casefold()


def _sentences(text: str, start: int, end: int) -> list[Span]:
    block = spaced(unquoted(text[start:end]))  # "… by⏎40. He" is no list's number where lines are wrapped
    cuts = [(b["start_index"], b["end_index"]) for b in sentencex.get_sentence_boundaries("en", block)]
    spans = [strip(block, a, b) for a, b in cuts]
    return [(start + a, start + b) for a, b in _mend(block, [s for s in spans if s[0] < s[1]])]


def _mend(block: str, spans: list[Span]) -> list[Span]:
    """Correct sentencex's cuts: quotation marks, initials, and breaks it misses."""
    out: list[Span] = []
    for start, end in spans:
        if out and out[-1][1] == start and (mark := _MARKS.match(block, start, end)):  # "… in 1985.¹ By 2023 …"
            out[-1] = (out[-1][0], mark.end())
            start, _ = strip(block, mark.end(), end)
            if start >= end:
                continue
        # an opening quotation mark left at the end belongs to the next sentence; a closing one at the start to the last
        if out:
            a, b = out[-1]
            last = block[a:b]
            dangling = _DANGLING.search(last, _near_end(last))
            if dangling and not (dangling[0].strip() in "\"'" and _open(last[:-1])):
                out[-1] = strip(block, a, a + dangling.start())
                start = a + dangling.start() + 1
            elif block[start] in "”’»" or (
                block[start] in "\"'" and block[start + 1 : start + 2].isspace() and _open(last)
            ):
                out[-1] = (a, start + 1)
                start, _ = strip(block, start + 1, end)
            if start >= end:
                continue
        if out and _joined(block, out[-1], (start, end)):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return [piece for span in out for piece in _missed(block, span)]


def _open(text: str) -> bool:
    return text.count('"') % 2 == 1


def _joined(block: str, last: Span, this: Span) -> bool:
    """Whether a cut is none: it stands behind an abbreviation or a list's number."""
    before, after = block[last[0] : last[1]], block[this[0] : this[1]]
    if len(before) <= 5 and re.fullmatch(r"[\"“‘']?\(?(?:\d{1,2}|[a-zA-Z])[.)]", before):
        return True
    if after[0].islower() and not re.search(r"[!?…][\"”’]?$", before):
        return bool(re.search(r"\b(?:[A-Z]|[a-z]|[A-Z][a-z]{1,4})\.$", before))
    return _goes_on(before, after)


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on behind an abbreviation's full stop, or a quoted question."""
    end = _near_end(before)
    if _QUESTION.search(before, end):
        return bool(_ASKED.match(after))
    if _RANK.search(before, end):
        return True
    if _CLOCK.search(before, end):
        return bool(_AFTER_CLOCK.match(after))
    if _INITIALS.search(before, end):
        return not _NEW_START.match(after)
    return bool(_NO_BREAK.search(before, end)) and not _WHOLE.search(before, end)


_RANK = re.compile(r"\(\w+\.\)$")  # "Rear Adm. (ret.) Ann Lee"
_WHOLE = re.compile(r"\b(?:X|I|[A-Z]{2,})\.$")


def _near_end(text: str) -> int:
    """Where to begin a search for what a text ends with: none is longer than this, and all of it takes longer."""
    return max(0, len(text) - 12)


_TWO_WORDS = re.compile(r"\s*\S+\s+\S")
_MISSED = re.compile(  # white space is looked for first, then what stands before it, for speed
    r"\s(?<=[.!?…”’\")\d]\s)(?:"
    r"(?<=[a-z\d)%”’\"][.!?]\s)\s*(?=(?:``|[“\"‘])?(?:[A-Z]))"  # a full stop, then a capital
    r"|(?<=\b(?:on|to) X\.\s)\s*(?=[A-Z“\"])"  # posted there
    r"|(?<=[.!?][”’\")]\s)\s*(?=[A-Z“])"
    r"|(?:(?<=[a-z]{4}\.\d\s)|(?<=[a-z]{4}\.\d\d\s))\s*(?=[A-Z“\"])"  # "nine plants.2 Tehran …": a note's number
    r"|(?<=…\s)\s*(?=(?:The|He|She|It|They)\b)"
    r")"
)


def _missed(block: str, span: Span) -> Iterator[Span]:
    """Breaks inside what sentencex took for one sentence; a quotation is kept whole."""
    start, end = span
    for match in _MISSED.finditer(block, start, end):
        before, after = block[start : match.start()], block[match.end() : end]
        if not _TWO_WORDS.match(before) or _goes_on(before, after) or _quoting(before, after):
            continue
        yield start, match.start()
        start = match.end()
    yield start, end


def _quoting(before: str, after: str) -> bool:
    """Whether a quotation is open between two parts of a text; if the second opens another, it was never closed."""
    if before.rfind("“") > before.rfind("”"):
        return not 0 <= after.find("“") < after.find("”")
    return before.count('"') % 2 == 1 or before.rfind("``") > before.rfind("''")


_RUN_IN = re.compile(r"(?<=[a-z”’]) (?=(?:The|He|She|It|They|Earlier,|This|These|[A-Z][a-z]+ [a-z]+ed)\b)")


def _run_in(text: str, spans: list[Span]) -> Iterator[tuple[int, int, bool]]:
    """Separate a heading that runs into its paragraph's first sentence ("Mutual pride The leader said …")."""
    for number, (start, end) in enumerate(spans):
        cut = _heading_end(text[start:end]) if number == 0 else None
        if cut:
            yield start, start + cut, True
            yield start + cut + 1, end, False
        else:
            yield start, end, False


_FUNCTION = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|do|does|did|said|says|told|that|which|who"
    r"|when|where|while|as|if|because|after|before|since|until|by|at|on|from|into|near|leader|president|minister|spokesman"
    r"|spokeswoman|general|chief|secretary|ministry|government|party|agency|newspaper|not|then|also)\b|\w+ed\b|[,;:.]|\d['’]s\b"
    r"|^(?:the|a|an|his|her|its|their|last|this|that|some|many|most|all)\b|\b(?:of|in|for|and|the|to|with|a|against|under|over)$|(?:east|west|north|south)ern$",
    re.IGNORECASE,
)


def _heading_end(sentence: str) -> int | None:
    """Where a run-in heading ends: a quotation, or four to nine words without verb, comma or second capital."""
    if quoted := re.match(r"[“\"][^”\"]{8,90}[^.,!?][”\"] (?=[A-Z][\w-]+ (?:[a-z]+ly )?[a-z]+ed\b)", sentence):
        return quoted.end() - 1
    for match in _RUN_IN.finditer(sentence, 0, 110):
        before, after = sentence[: match.start()], sentence[match.end() :]
        words = before.split()
        plain = before[0].isupper() and not any(word[0].isupper() for word in words[1:])
        if 4 <= len(words) <= 9 and plain and not _FUNCTION.search(before) and len(after.split()) >= 5:
            return match.start()
    return None
