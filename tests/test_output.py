from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from framing import output
from framing.annotator import Annotator
from framing.schema import Annotated, Article, FramingError


@pytest.fixture(scope="module")
def found(baseline: Annotator) -> list[Annotated]:
    text = 'Leader hails "heroic" troops\n\n=cmd|\' /C calc\'!A0, the ministry said; it was "ready, set".\n'
    return [baseline(Article(text, path=path, outlet="KCNA")) for path in ("in/a.txt", "other/a.txt")]


def test_csv_has_a_row_a_sentence_and_reads_back(found: list[Annotated]) -> None:
    rows = list(csv.DictReader(io.StringIO(output.render(found, "csv"))))
    assert len(rows) == sum(len(annotated.sentences) for annotated in found)
    assert [row["label"] for row in rows] == [t.label for annotated in found for t in annotated.sentences]
    assert rows[0]["text"] == found[0].sentences[0].sentence.text
    assert rows[1]["text"] == "'" + found[0].sentences[1].sentence.text  # a spreadsheet would run what begins with =


def test_two_articles_of_one_name_get_two_pages_and_an_index(found: list[Annotated], tmp_path: Path) -> None:
    output.write(found, "html", tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a-2.html", "a.html", "index.html"]
    index = (tmp_path / "out" / "index.html").read_text()
    assert 'href="./a.html"' in index
    assert 'href="./a-2.html"' in index


def test_an_article_is_never_replaced_by_its_report(baseline: Annotator, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("A page.")
    found = [baseline(Article("It rained all day.", path=str(tmp_path / "a.html")))]
    (tmp_path / "link.txt").symlink_to("a.html")
    for form, target in (("text", "a.html"), ("html", "."), ("json", "link.txt")):
        with pytest.raises(FramingError, match="which this would replace"):
            output.write(found, form, tmp_path / target)
    assert (tmp_path / "a.html").read_text() == "A page."


def test_links_and_modes_and_pipes_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "real.txt").chmod(0o600)
    (tmp_path / "link.txt").symlink_to("real.txt")
    output.write_file(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"
    assert (tmp_path / "real.txt").stat().st_mode & 0o777 == 0o600
    output.write_file(Path(os.devnull), "nothing")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "form"), [(None, "text"), ("a", "text"), ("a.jsonl", "jsonl"), ("a.CSV", "csv"), ("a.htm", "html")]
)
def test_a_files_name_says_its_form(name: str | None, form: str) -> None:
    assert output.form_of(Path(name) if name else None) == form


def test_pages_of_one_file_are_named_by_their_lines_and_many_of_one_name_in_time() -> None:
    assert output.page_names(["news.jsonl:7", "a/x.txt", "b/x.txt"]) == ["news-7.html", "x.html", "x-2.html"]
    assert len(set(output.page_names(["x.txt"] * 20_000))) == 20_000


def test_page_names_are_safe() -> None:
    names = output.page_names(
        ["../../etc/passwd", "a b/c?d.txt", "index.txt", "...", "x" * 300, "https://e.org/news/1"]
    )
    assert len(set(names)) == len(names)
    assert "index.html" not in names
    assert all("/" not in name and not name.startswith(".") and len(name) < 100 for name in names)


@pytest.mark.parametrize(
    ("form", "path", "message"),
    [
        ("json", "out.json", "for one article"),
        ("html", None, "needs -o"),
        ("html", "out.html", "name a folder"),
        ("csv", "no/out.csv", "No such file"),
    ],
)
def test_what_does_not_fit_is_refused(
    found: list[Annotated], tmp_path: Path, form: str, path: str | None, message: str
) -> None:
    with pytest.raises(FramingError, match=message):
        output.write(found, form, tmp_path / path if path else None)
    assert list(tmp_path.iterdir()) == []


def test_a_name_of_full_length_is_written(tmp_path: Path) -> None:
    output.write_file(tmp_path / ("x" * 251 + ".txt"), "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


def test_a_text_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        output.write_file(tmp_path / "out.txt", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out.txt").write_text("old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FramingError, match="No space left"):
        output.write_file(tmp_path / "out.txt", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
    assert (tmp_path / "out.txt").read_text() == "old"


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    texts = {tmp_path / "a": "new", tmp_path / "b": "new", tmp_path / "no" / "c": "new"}
    with pytest.raises(FramingError, match="No such file"):
        output.write_files(texts.items())
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}


def test_a_page_that_cannot_be_written_leaves_the_others_as_they_were(found: list[Annotated], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("old")
    (tmp_path / "a-2.html").mkdir()
    with pytest.raises(FramingError, match="Is a directory"):
        output.write(found, "html", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-2.html", "a.html"]
    assert (tmp_path / "a.html").read_text() == "old"


def test_the_index_is_put_in_its_place_last(
    found: list[Annotated], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    replace = os.replace
    monkeypatch.setattr("os.replace", lambda draft, path: (moved.append(path.name), replace(draft, path)))
    output.write(found, "html", tmp_path)
    assert moved == ["a.html", "a-2.html", "index.html"]
