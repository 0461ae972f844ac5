"""framing as a library: streams, threads, types."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SEEDS, run_readme

import framing
from framing import annotator, estimator
from framing.artefact import Artefact
from framing.baseline import Baseline
from framing.schema import Annotated, Article, FramingError
from framing.transformer import Transformer

THREADS = 8
TEXTS = [path.read_text(encoding="utf-8") for path in SEEDS]


def together(work: Any, items: list[str]) -> list[Annotated]:
    """What `work` makes of each item in a thread of its own, all of them let go at the same moment."""
    barrier = threading.Barrier(len(items))

    def one(item: str) -> Annotated:
        barrier.wait()
        return work(item)  # type: ignore[no-any-return]

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(one, items))


def test_a_stream_is_read_only_as_far_as_results_are_asked_for() -> None:
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(len(taken))
            yield f"The ministry said {len(taken)} were hurt."

    found = framing.annotate_all(endless(), "baseline")
    assert taken == []
    assert next(found).article.text.startswith("The ministry said 1 ")
    assert next(found).article.text.startswith("The ministry said 2 ")
    assert len(taken) == 2


def test_a_stream_goes_on_behind_an_article_that_cannot_be_annotated() -> None:
    found = framing.annotate_all(["  ", Article("He said so.", outlet="Xinhua")], "baseline")
    with pytest.raises(FramingError, match="empty"):
        next(found)
    assert next(found).outlet_class == "state"
    assert list(found) == []


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({"text": "\ud800 He said so."}, "^p: half a character"),
        ({"title": "\ud800"}, "^p: half a character"),
        ({"date": 2025}, "^p: the date is no text$"),
        ({"text": None}, "^p: the text is no text$"),
        ({"title": 0}, "^p: the title is no text$"),
        ({"path": Path("a.txt")}, r"^a\.txt: the path is no text$"),
        ({"language": None}, "^p: the language is no text$"),
    ],
)
def test_an_article_from_elsewhere_is_refused_as_one_read_is(known: dict[str, Any], message: str) -> None:
    article = Article(**{"text": "He said so.", "path": "p", **known})
    for work in (partial(framing.annotate, model="baseline"), estimator.sentences):
        with pytest.raises(FramingError, match=message):
            work(article)


def test_an_unknown_model_is_heard_of_before_the_stream_is_read() -> None:
    with pytest.raises(FramingError, match="no model 'none'"):
        framing.annotate_all(iter(()), "none")


@pytest.mark.parametrize("names", [["baseline"], ["fast", str(ROOT / "models" / "fast")]], ids=["baseline", "fast"])
def test_threads_share_one_model_and_agree(names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    original = annotator.load

    def counted(model: str) -> annotator.Annotator:
        opened.append(Path(model))
        return original(model)

    monkeypatch.setattr(annotator, "load", counted)
    annotator._opened.cache_clear()
    same = together(lambda name: framing.annotate(TEXTS[0], name), names * (THREADS // len(names)))
    different = [TEXTS[i % len(TEXTS)] for i in range(THREADS)]
    mixed = together(lambda text: framing.annotate(text, names[0]), different)
    assert [path.name for path in opened] == [names[0]]
    expected = [framing.annotate(text, names[0]) for text in different]
    assert same == [framing.annotate(TEXTS[0], names[0])] * THREADS
    assert mixed == expected


@pytest.mark.parametrize("name", ["baseline", "fast"])
def test_threads_that_share_a_loaded_annotator_read_its_files_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = Artefact.file

    def counted(self: Artefact, file: str) -> Path:
        read.append(file)
        return original(self, file)

    monkeypatch.setattr(Artefact, "file", counted)
    fresh = annotator.load(name)
    assert isinstance(fresh.classifier, Baseline | Transformer)
    found = together(fresh, [TEXTS[1]] * THREADS)
    assert found == [found[0]] * THREADS
    assert len(read) == 2
    assert len(set(read)) == 2  # vocabulary and arrays, or tokenizer and graph


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_opens_a_model_of_its_own() -> None:
    code = (
        "import framing, os, signal\n"
        "from framing.annotator import shared\n"
        "mine = shared('fast').warm()\n"
        "if child := os.fork():\n"
        "    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "signal.alarm(60)\n"
        "framing.annotate('The ministry said it was ready. ' * 20, 'fast')\n"
        "os._exit(shared('fast') is mine)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_the_readmes_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXTS[0], encoding="utf-8")
    run_readme("annotate_all", texts=iter(TEXTS[:2]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(framing.annotate(Article(TEXTS[0], outlet="Xinhua")).sentences[0].label)
    assert sum("'analyst_speculation':" in line for line in lines) == 2


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "framing" / "py.typed").is_file()


@pytest.mark.slow
def test_a_type_checker_sees_what_the_library_returns(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    user = tmp_path / "user.py"
    user.write_text(
        "from collections.abc import Iterator\n"
        "import framing\n"
        "from framing.schema import Annotated, Article, Label\n"
        "one: Annotated = framing.annotate('He said so.')\n"
        "many: Iterator[Annotated] = framing.annotate_all([Article('He said so.'), 'She did.'], model='fast')\n"
        "label: Label = one.sentences[0].label\n"
        "wrong: int = framing.annotate('He said so.')\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path), str(user)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert [line.split(": ")[0] for line in done.stdout.splitlines()[:-1]] == [f"{user}:7"], done.stdout
