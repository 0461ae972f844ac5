from __future__ import annotations

import pytest

from framing.schema import LABELS, Label, Loading, Sentence, Source, Stance, Tagged, Term
from framing.summary import summarise

S, I, A = LABELS


def tagged(label: Label, entity: str | None = None, cls: str = "state", stance: Stance | None = None) -> Tagged:
    source = Source(entity, 0, len(entity), entity, cls) if entity else None
    terms = () if stance is None else (Term("heroic", 0, 6, "glorification", stance),)
    scores = tuple(0.9 if label == each else 0.05 for each in LABELS)
    sentence = Sentence(0, 0, 6, "body", "heroic")
    return Tagged(sentence, scores, label, 0.9, False, Loading(int(stance is not None), 0.5, terms), source)  # type: ignore[arg-type]


def test_shares_and_reliance_sum_to_one() -> None:
    found = summarise(
        [
            tagged(S, "KCNA", "state_media"),
            tagged(I, "NATO", "international"),
            tagged(A),
            tagged(A, "Ann Lee", "unknown"),
        ]
    )
    assert sum(found.shares.values()) == 1
    assert found.reliance == {"state": 0.25, "independent": 0.25, "analyst": 0.25, "unattributed": 0.25}


def test_sources_are_merged_by_entity_and_ordered() -> None:
    found = summarise(
        [tagged(I, "NATO", "international"), tagged(S, "KCNA", "state_media"), tagged(S, "KCNA", "state_media")]
    )
    assert [(s.entity, s.cls, s.sentences) for s in found.sources] == [
        ("KCNA", "state_media", 2),
        ("NATO", "international", 1),
    ]


def test_notes_count_what_they_say() -> None:
    claims = [tagged(S, "KCNA", "state_media")] * 9
    assert "All nine claims of a state rest on KCNA." in summarise(claims).notes
    assert "No source outside controlling states and their media is cited." in summarise(claims).notes
    mixed = [*claims, tagged(S), tagged(I, "Seoul", "government")]
    assert "Of ten claims of a state, nine rest on KCNA; one names no source." in summarise(mixed).notes
    outsider = [*claims, tagged(S, "Ann Lee", "government")]  # source and label contradict each other
    assert "Of ten claims of a state, nine rest on KCNA." in summarise(outsider).notes
    assert "Both claims of a state rest on KCNA." in summarise(claims[:2]).notes
    tied = [tagged(S, name, "state") for name in ("IRGC", "Khamenei", "Fars", "IRNA")]
    assert "Of two claims of a state, one rests on each of IRGC and Khamenei." in summarise(tied[:2]).notes
    assert "Of four claims of a state, no source has more than one." in summarise(tied).notes
    assert "Only governments and their media are cited." in summarise(mixed).notes
    loaded = summarise([tagged(S, stance="quoted"), tagged(S, stance="adopted"), tagged(A, "analysts", "analyst")])
    assert "Loaded terms are used without quotation marks in one sentence." in loaded.notes
    assert "Analysts are cited but not named." in loaded.notes
    analysts = [tagged(A, name, "analyst") for name in ("Ann Lee", "analysts")]
    assert "One of two mentions of analysts gives no name." in summarise(analysts).notes
    assert (loaded.loading_adopted, loaded.loading_quoted) == (1 / 3, 1 / 3)
    plain = summarise([tagged(I)])
    assert plain.notes == (
        "No sentence rests on the word of a state that controls its media.",
        "No sentence names a source.",
    )
    assert summarise([tagged(S)], "state").notes[0].startswith("The outlet is state-controlled")


@pytest.mark.parametrize(
    ("stances", "note"),
    [
        (["quoted", "quoted"], "Loaded terms stand in quotation marks throughout."),
        (["quoted", "distanced"], "Loaded terms stand in quotation marks or are held at a distance throughout."),
        (["distanced"], "Loaded terms are held at a distance throughout."),
    ],
)
def test_loaded_terms_nobody_adopts(stances: list[Stance], note: str) -> None:
    assert summarise([tagged(S, stance=stance) for stance in stances]).notes[-1] == note
