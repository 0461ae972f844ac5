from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, SEEDS

from framing import audit, dataset, standoff
from framing.dataset import read_articles
from framing.line_format import parse
from framing.records import LabelledArticle
from framing.schema import FramingError

HEAD = '=== {"id": "a", "event": "e", "outlet": "AP", "state_outlet": false, "country": "-", "genre": "wire", "date": "2020"}'
LINE = "I0 | The {court} said on Tuesday that it would hear the case in the autumn session."


def one(text: str) -> LabelledArticle:
    (article,) = parse(text, "f.txt")
    return article


def test_an_article_is_read_with_its_labels_mentions_and_paragraphs() -> None:
    article = one(f"{HEAD}\nA1h | Headline\nX | By Ann Lee\n{LINE}\nS2 | Glory.\n\n? | Not yet labelled.\n")
    kinds = [s.kind for s in article.sentences]
    assert kinds == ["headline", "boilerplate", "body", "body", "body"]
    assert [s.paragraph for s in article.sentences] == [0, 1, 2, 2, 3]
    assert [(s.label, s.grade) for s in article.readable] == [(2, 1), (1, 0), (0, 2), (None, None)]
    body = article.sentences[2]
    assert [s.mentioned for s in article.sentences] == ["", "", "court", "", ""]
    assert "{" not in body.text


def test_assembled_offsets_point_into_the_text() -> None:
    for labelled in read_articles(ROOT / "data" / "articles"):
        article, sentences = labelled.assemble()
        assert [article.text[s.start : s.end] for s in sentences] == [r.text for r in labelled.readable]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD}\nQ0 | What.", "f.txt:2: expected a code"),
        (f"{HEAD}\nI3 | What.", "f.txt:2: expected a code"),
        (f"{HEAD}\nI0 | An {{open brace.", "f.txt:2: braces"),
        (f"{HEAD}\nI0 | {{Two}} {{pairs}}.", "f.txt:2: braces"),
        (f"{HEAD}\nI0 | None {{}} here.", "f.txt:2: the braces are empty"),
        (f"{HEAD}\nX | only a byline", "f.txt:1: article 'a' has no sentence"),
        (f"{HEAD}\n{LINE}\n{HEAD}", "f.txt:3: article 'a' has no sentence"),
        (LINE, "f.txt:1: a sentence before the first header"),
        ('=== {"id": "a"}', "f.txt:1: the header lacks event"),
        (HEAD.replace('"AP"', "null"), "f.txt:1: outlet is None, not text"),
        ("=== {oops", "f.txt:1: a header is"),
        ("=== {'id': 1}", "f.txt:1: the header is not JSON"),
    ],
)
def test_faults_are_refused_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(FramingError, match="^" + message.replace("(", r"\(")):
        list(parse(text, "f.txt"))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{HEAD}\n{LINE}\n")
    (tmp_path / "b.txt").write_text(f"{HEAD}\n{LINE}\n")
    with pytest.raises(FramingError, match=r"b\.txt:1: id 'a' stands already at .*a\.txt:1"):
        read_articles(tmp_path)


def test_a_text_in_two_splits_is_refused(tmp_path: Path) -> None:
    other = HEAD.replace('"a"', '"b"').replace('"e"', '"f"')
    (tmp_path / "a.txt").write_text(f"{HEAD}\n{LINE}\n{other}\n{LINE}\n")
    (tmp_path / "splits.json").write_text('{"events": {"train": ["e"], "dev": [], "test": ["f"]}}')
    with pytest.raises(FramingError, match=r"a\.txt:4: this text of test stands in train too"):
        dataset.load_splits(read_articles(tmp_path / "a.txt"), tmp_path / "splits.json")


def test_the_shipped_splits_share_no_event_and_test_meets_new_outlets() -> None:
    articles = read_articles(ROOT / "data" / "articles")
    parts = dataset.load_splits(articles, ROOT / "data" / "splits.json")
    events = {split: {a.event for a in found} for split, found in parts.items()}
    assert not events["train"] & events["test"]
    assert not events["train"] & events["dev"]
    assert not events["dev"] & events["test"]
    named = {a.outlet for a in parts["train"]}
    unseen = [a for a in parts["test"] if a.outlet not in named]
    assert len(unseen) >= len(parts["test"]) / 2


def test_new_events_never_join_the_test_split() -> None:
    text = "\n".join(
        f"{HEAD.replace(chr(34) + 'e' + chr(34), f'{chr(34)}new{i}{chr(34)}')}\n{LINE}{i}" for i in range(40)
    )
    parts = dataset.load_splits(list(parse(text)), ROOT / "data" / "splits.json")
    assert not parts["test"]
    assert parts["train"]
    assert parts["dev"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda p: p.stem[:3])
def test_the_labelled_seeds_rebuild_the_seeds(seed: Path) -> None:
    labelled = {str(a.extra.get("text")): a for a in read_articles(ROOT / "data" / "articles" / "seeds.txt")}
    lines = labelled[f"seeds/{seed.name}"].sentences
    assert "".join("".join(s.text.split()) for s in lines) == "".join(seed.read_text(encoding="utf-8").split())


def test_the_digest_follows_labels_and_not_files() -> None:
    a, b = one(f"{HEAD}\n{LINE}"), one(f"{HEAD}\n{LINE.replace('I0', 'S0')}")
    assert dataset.digest([a]) == dataset.digest([one(f"{HEAD}\n\n{LINE}\n")])
    assert dataset.digest([a]) != dataset.digest([b])


def test_near_duplicates_are_those_of_two_splits() -> None:
    train, test = one(f"{HEAD}\n{LINE}"), one(f"{HEAD}\n{LINE.replace('autumn', 'winter')}")
    empty: dict[dataset.Split, list[LabelledArticle]] = {"train": [], "dev": [], "test": []}
    (pair,) = audit.duplicates({**empty, "train": [train], "test": [test]})
    assert {pair.first[0].file, pair.second[0].file} == {"f.txt"}
    assert audit.duplicates({**empty, "train": [train, test]}) == []
    assert audit.duplicates({**empty, "train": [train]}) == []  # one sentence has nothing in common with another


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("repo\t", "", r"t\.tsv:1: not a stand-off table"),
        ("\tbody", "", r"t\.tsv:2: 8 columns, expected 9"),
        ("\tI\t", "\tQ\t", r"t\.tsv:2: expected S I A"),
        ("\tI\t", "\t\t", r"t\.tsv:2: expected S I A"),
        ("\t0\tbody", "\tx\tbody", r"t\.tsv:2: expected S I A"),
        ("\tbody", "\tbodies", r"t\.tsv:2: expected S I A"),
        ("4-9", "4-x", r"t\.tsv:2: expected S I A"),
        ("4-9", f"4-{'9' * 5000}", r"t\.tsv:2: expected S I A"),
        ("a\t0", "a\tx", r"t\.tsv:2: expected S I A"),
        ("4-9", "4-900", r"a\.txt: sentence 0 of a has no mention at 4-900"),
        ("repo", "café", r"t\.tsv: not UTF-8"),
    ],
)
def test_a_damaged_standoff_table_is_refused_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    article = one(f"{HEAD}\n{LINE}\n")
    table = standoff.table([article])
    assert old in table
    (tmp_path / "t.tsv").write_bytes(table.replace(old, new, 1).encode("cp1252"))
    (tmp_path / "a.txt").write_text(article.assemble()[0].text)
    with pytest.raises(FramingError, match=message):
        standoff.rebuild(tmp_path / "t.tsv", tmp_path)


def test_a_standoff_text_that_is_not_utf_8_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(standoff.table([one(f"{HEAD}\n{LINE}\n")]))
    (tmp_path / "a.txt").write_bytes("café".encode("cp1252"))
    with pytest.raises(FramingError, match=r"a\.txt: not UTF-8"):
        standoff.rebuild(tmp_path / "t.tsv", tmp_path)


def test_standoff_labels_join_their_texts_again(tmp_path: Path) -> None:
    article = one(
        f"{HEAD}\nA1h | A headline without a full stop\n\n{LINE}\nS2 | Glory to the builders of the great road.\n"
    )
    (tmp_path / "t.tsv").write_text(standoff.table([article]))
    (tmp_path / "a.txt").write_text(article.assemble()[0].text)
    assert "Glory" not in (tmp_path / "t.tsv").read_text()
    (again,), missing = standoff.rebuild(tmp_path / "t.tsv", tmp_path)
    assert missing == 0
    assert [(s.text, s.label, s.grade, s.mention) for s in again.labelled] == [
        (s.text, s.label, s.grade, s.mention) for s in article.labelled
    ]


def test_a_sentence_labelled_with_its_dateline_is_found_though_that_is_cut_off(tmp_path: Path) -> None:
    line = "OSLO (Reuters) - The ministry declined to comment on Monday."
    article = one(f"{HEAD}\nI0 | {line}\nA0 | It may still speak.\n")
    (tmp_path / "t.tsv").write_text(standoff.table([article]))
    (tmp_path / "a.txt").write_text(article.assemble()[0].text)
    (found,), missing = standoff.rebuild(tmp_path / "t.tsv", tmp_path)
    assert ([s.text for s in found.labelled], missing) == ([line, "It may still speak."], 0)


@pytest.mark.parametrize(
    ("first", "second", "labels"), [("S0", "I0", [0, 2, 1]), ("S0", "?", [0, 2, None]), ("?", "I0", [None, 2, 1])]
)
def test_a_sentence_that_stands_twice_has_its_own_label_each_time(
    tmp_path: Path, first: str, second: str, labels: list[int | None]
) -> None:
    again = "The ministry declined to comment."
    article = one(f"{HEAD}\n{first} | {again}\nA0 | It may still speak.\n{second} | {again}\n")
    (tmp_path / "t.tsv").write_text(standoff.table([article]))
    (tmp_path / "a.txt").write_text(article.assemble()[0].text)
    (found,), missing = standoff.rebuild(tmp_path / "t.tsv", tmp_path)
    assert ([s.label for s in found.sentences], missing) == (labels, 0)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("He left.\nThe foreign\nministry said so.\n")
    (tmp_path / "articles" / "meta.json").write_text('{"a": {"outlet": "AP", "state_outlet": false, "date": ""}}')
    rows = ("a\t0\tx\tI0\t\tHe left.", "a\t1\tx\tS0\tforeign ministry\tThe foreign ministry said so.")
    (tmp_path / "gold.tsv").write_text("\n".join(rows) + "\n")
    return tmp_path


def test_a_mention_of_the_real_set_is_found_across_lines(gold: Path) -> None:
    (article,) = standoff.read_gold(gold)
    assert [row.mentioned for row in article.sentences] == ["", "foreign\nministry"]


def test_a_mention_of_the_real_set_is_a_whole_word_if_it_is_one_anywhere(gold: Path) -> None:
    (gold / "articles" / "a.txt").write_text("When the tax fell he said so.\nKim Jong Unexpressed thanks.\n")
    rows = ("a\t0\tx\tI0\the\tWhen the tax fell he said so.", "a\t1\tx\tS0\tKim Jong Un\tKim Jong Unexpressed thanks.")
    (gold / "gold.tsv").write_text("\n".join(rows) + "\n")
    (article,) = standoff.read_gold(gold)
    assert [row.mention for row in article.sentences] == [(18, 20), (0, 11)]


def test_a_mention_of_the_real_set_that_is_not_in_its_sentence_is_told(gold: Path) -> None:
    table = gold / "gold.tsv"
    table.write_text(table.read_text().replace("\tforeign", "\tdefence"))
    with pytest.raises(FramingError, match=r"gold\.tsv:2: the mention 'defence ministry' is not in its sentence$"):
        standoff.read_gold(gold)
