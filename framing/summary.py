"""Tagged sentences → an article in figures, and notes a reader can check against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from framing.schema import LABELS, Label, OutletClass, Source, SourceCount, Summary, Tagged

# Which group a source's class counts for in an article's reliance; others go by the sentence's label.
_GROUPS = {
    "state_media": "state",
    "state": "state",
    "analyst": "analyst",
    **dict.fromkeys(
        ("government", "media", "international", "ngo", "company", "record", "witness", "opposition"), "independent"
    ),
}
_BY_LABEL: dict[Label, str] = {
    "state_media_claim": "state",
    "independent_report": "independent",
    "analyst_speculation": "analyst",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def summarise(tagged: Sequence[Tagged], outlet_class: OutletClass = "unknown") -> Summary:
    """Sum an article up in shares of its sentences; nothing is weighed, what is counted is shown."""
    n = len(tagged)
    shares: dict[str, float] = {label: sum(t.label == label for t in tagged) / n for label in LABELS}
    return Summary(
        sentences=n,
        shares=shares,
        loading_mean=sum(t.loading.score for t in tagged) / n,
        loading_adopted=sum(any(term.stance == "adopted" for term in t.loading.terms) for t in tagged) / n,
        loading_quoted=sum(any(term.quoted for term in t.loading.terms) for t in tagged) / n,
        sources=tuple(count_sources(tagged)),
        reliance=reliance(tagged),
        notes=tuple(notes(tagged, outlet_class)),
    )


def count_sources(tagged: Sequence[Tagged]) -> list[SourceCount]:
    """Every entity with the sentences that rest on it, most first; an entity's class is its commonest."""
    classes: dict[str, Counter[str]] = {}
    for t in tagged:
        if t.source:
            classes.setdefault(t.source.entity, Counter())[t.source.cls] += 1
    counts = [SourceCount(entity, found.most_common(1)[0][0], found.total()) for entity, found in classes.items()]
    return sorted(counts, key=lambda count: -count.sentences)


def reliance(tagged: Sequence[Tagged]) -> dict[str, float]:
    """Shares of sentences that rest on a state's, an independent, an analyst's or no source; they sum to 1."""
    groups = Counter(group(t.source, t.label) if t.source else "unattributed" for t in tagged)
    return {name: groups[name] / len(tagged) for name in ("state", "independent", "analyst", "unattributed")}


def group(source: Source, label: Label) -> str:
    """Whose source it is: state, independent or analyst."""
    return _GROUPS.get(source.cls, _BY_LABEL[label])


def notes(tagged: Sequence[Tagged], outlet_class: OutletClass) -> list[str]:
    """Remarks in plain words, each a count anyone can repeat."""
    out = []
    if outlet_class == "state":
        out.append("The outlet is state-controlled: what it says in its own voice counts as the state's word.")
    out += [note for note in (_claims(tagged), _outside(tagged), _analysts(tagged), _loaded(tagged)) if note]
    doubtful = sum(t.uncertain for t in tagged)
    if doubtful:
        out.append(
            f"{_count(doubtful, 'sentence is', 'sentences are').capitalize()} uncertain and worth a second look."
        )
    return out


def _claims(tagged: Sequence[Tagged]) -> str | None:
    claims = [t for t in tagged if t.label == "state_media_claim"]
    named = Counter(t.source.entity for t in claims if t.source and group(t.source, t.label) == "state")
    if not claims:
        return "No sentence rests on the word of a state that controls its media."
    if not named:
        return None
    entity, most = named.most_common(1)[0]
    unnamed = sum(t.source is None for t in claims)
    if most == len(claims):
        whole = {1: "The one claim of a state rests", 2: "Both claims of a state rest"}
        return f"{whole.get(most, f'All {_number(most)} claims of a state rest')} on {entity}."
    on = f"{_number(most)} rest{'s' if most == 1 else ''} on"
    tied = [who for who, count in named.items() if count == most]
    if len(tied) > 3:
        share = f"no source has more than {_number(most)}"
    else:
        share = f"{on} {entity}" if len(tied) == 1 else f"{on} each of {', '.join(tied[:-1])} and {tied[-1]}"
    tail = f"; {_number(unnamed)} name{'s' if unnamed == 1 else ''} no source" if unnamed else ""
    return f"Of {_number(len(claims))} claims of a state, {share}{tail}."


def _outside(tagged: Sequence[Tagged]) -> str | None:
    groups = Counter(group(t.source, t.label) for t in tagged if t.source)
    if not groups:
        return "No sentence names a source."
    if set(groups) == {"state"}:
        return "No source outside controlling states and their media is cited."
    classes = {t.source.cls for t in tagged if t.source}
    if classes <= {"state", "state_media", "government"} and "state" in groups:
        return "Only governments and their media are cited."
    return None


def _analysts(tagged: Sequence[Tagged]) -> str | None:
    analysts = [t.source for t in tagged if t.source and t.source.cls == "analyst" and not t.source.inherited]
    nameless = [s for s in analysts if not any(word[:1].isupper() for word in s.entity.split())]
    if not analysts or not nameless:
        return None
    if len(nameless) == len(analysts):
        return "Analysts are cited but not named."
    give = "gives" if len(nameless) == 1 else "give"
    return f"{_number(len(nameless)).capitalize()} of {_number(len(analysts))} mentions of analysts {give} no name."


def _loaded(tagged: Sequence[Tagged]) -> str | None:
    adopted = sum(any(term.stance == "adopted" for term in t.loading.terms) for t in tagged)
    if adopted:
        return f"Loaded terms are used without quotation marks in {_count(adopted, 'sentence', 'sentences')}."
    how = {"quoted": "stand in quotation marks", "distanced": "are held at a distance"}
    stances = {term.stance for t in tagged for term in t.loading.terms}
    told = " or ".join(words for stance, words in how.items() if stance in stances)
    return f"Loaded terms {told} throughout." if told else None


def _number(n: int) -> str:
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def _count(n: int, one: str, many: str) -> str:
    return f"{_number(n)} {one if n == 1 else many}"
