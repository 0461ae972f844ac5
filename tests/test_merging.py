"""Labels of several files put together, and files that are written again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import framing
from labelling import CORPUS, HEAD, OTHER

from framing import merging
from framing.dataset import read_articles
from framing.line_format import parse
from framing.records import LabelledArticle
from framing.schema import FramingError


def headed(file: str, **facts: object) -> LabelledArticle:
    """An article of one line whose header says so."""
    header = json.loads(HEAD.removeprefix("=== ")) | {"outlet": "-", "genre": "-", "date": ""} | facts
    (article,) = parse(f"=== {json.dumps(header)}\n? | He declined.\n", file)
    return article


def test_what_one_header_does_not_know_another_tells() -> None:
    first = headed("x", event="a")
    second = headed("y", outlet="KCNA", state_outlet=True, date="2020-05-01", url="x://y")
    third = headed("z", event="a", genre="wire", path="z.txt", country="KP")
    (both,) = merging.combine([first, second, third])
    assert (both.outlet, both.state_outlet, both.date) == ("KCNA", True, "2020-05-01")
    assert (both.event, both.genre, both.country) == ("e", "wire", "KP")
    assert both.extra == {"url": "x://y", "path": "z.txt"}
    assert both.file == "x"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"event": "e"}, {"event": "zz"}),
        ({"date": "2020-05-01"}, {"date": "2020-05-02", "outlet": "AP"}),
        ({"outlet": "KCNA", "state_outlet": True}, {"outlet": "KCNA"}),
        ({"state_outlet": True}, {"outlet": "AP"}),
    ],
)
def test_facts_that_differ_are_told_with_an_outlet_or_without(one: dict[str, object], other: dict[str, object]) -> None:
    with pytest.raises(FramingError, match=r"^y:1: article 'a', .*, but .* at x:1$"):
        merging.combine([headed("x", **one), headed("y", **other)])


def test_where_a_text_was_found_is_no_conflict() -> None:
    (both,) = merging.combine([headed("x", path="x/a.txt"), headed("y", path="y/a.txt")])
    assert both.extra == {"path": "x/a.txt"}


def test_an_outlet_the_corpus_learns_brings_whether_it_is_a_states() -> None:
    known, told = headed("x"), headed("y", outlet="KCNA", state_outlet=True)
    merged = merging.merge([known], [told])
    assert merged.contradictions == []
    assert merged.counts["header facts"] == 2
    assert '"outlet": "KCNA", "state_outlet": true' in merged.patches["x"][1]
    kept = merging.merge([told], [known])
    assert (kept.contradictions, kept.patches) == ([], {})


def test_an_event_of_the_corpus_is_changed_only_when_asked_for() -> None:
    """Splits go by it."""
    merged = merging.merge([headed("x", event="a")], [headed("y", event="e")])
    assert [str(found) for found in merged.contradictions] == ["y:1: article a, event: 'a' → 'e'"]


def test_a_corpus_is_the_folders_below_its_file_too(tmp_path: Path) -> None:
    (tmp_path / "2025").mkdir()
    (tmp_path / "2025" / "a.txt").write_text(f"{HEAD}\n? | He declined.\n", encoding="utf-8")
    (known,) = merging.corpus_around(tmp_path / "new.txt")
    assert known.file.endswith("a.txt")


def test_a_corpus_that_begins_with_a_byte_order_mark_is_updated_and_added_to(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    corpus, new = tmp_path / "data" / "one.txt", tmp_path / "new.txt"
    corpus.write_text(CORPUS, encoding="utf-8-sig")
    new.write_text(CORPUS.replace("? | He", "S1 | He", 1) + OTHER.replace('"b"', '"c"') + "\nA0 | Done.\n")
    done = framing("labels", "import", new, "--into", corpus)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 articles added (1 sentences); 1 updated")
    assert corpus.read_bytes().startswith(CORPUS.replace("? | He", "S1 | He", 1).encode())
    assert [article.id for article in read_articles(corpus)] == ["a", "b", "c"]
