from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import framing as run
from command import refused as run_refused
from conftest import ROOT

from framing import batch, parquet, read, report, walk
from framing.annotator import Annotator
from framing.items import Corpus
from framing.schema import FramingError
from framing.workfolder import WorkFolder

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = ("Ivan Petrov", "Mei Lin", "Anna Schmidt", "Omar Haddad", "Kofi Mensah")


def text(number: int) -> str:
    name = NAMES[number % len(NAMES)]
    return (
        f"Talks end, round {number}\n\nThe ministry's spokesman {name} said on Monday that all {number} points were met. "
        f"Analysts doubt it.\n"
    )


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "framing", "predict", "--model", "baseline", *map(str, args)]


def framing(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    return run("predict", "--model", "baseline", *args, **env)


def refused(*args: object) -> str:
    return run_refused("predict", "--model", "baseline", *args)


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def paths(file: Path) -> list[str]:
    return [row["article"]["path"] for row in rows(file)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 articles in three folders."""
    base = tmp_path_factory.mktemp("corpus")
    for number in range(300):
        file = base / ("a", "b/c", "b")[number % 3] / f"{number:03}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(number))
    return base


@pytest.fixture(scope="session")
def expected(folder: Path, baseline: Annotator) -> bytes:
    """The folder annotated one by one."""
    return "".join(report.dumps(baseline(a), indent=None) + "\n" for a in read.read(str(folder))).encode()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Five articles."""
    base = tmp_path / "in"
    base.mkdir()
    for number in range(5):
        (base / f"{number}.txt").write_text(text(number))
    return base


def only(base: Path, *names: str) -> None:
    """Nothing else is left behind in a folder."""
    assert sorted(path.name for path in base.iterdir()) == sorted(names)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_batch_gives_what_one_by_one_gives_in_order(folder: Path, expected: bytes, tmp_path: Path, jobs: int) -> None:
    done = framing(folder, "-o", tmp_path / "out.jsonl", "--jobs", jobs)
    assert done.returncode == 0, done
    assert done.stdout == ""
    assert "300 articles, 900 sentences in" in done.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == expected
    only(tmp_path, "out.jsonl")


@pytest.mark.slow
def test_a_batch_survives_kill_9_at_random_moments(folder: Path, expected: bytes, tmp_path: Path) -> None:
    chance = random.Random(7)
    out, work = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.parts"
    args = command(folder, "-o", out, "--jobs", 2, "--shard-size", 2)
    finished: dict[str, int] = {}
    numbers: set[str] = set()
    kills = 0
    for _ in range(6):
        goal = len(numbers) + chance.randint(0, 15)
        running = subprocess.Popen(args, stderr=subprocess.PIPE, start_new_session=True)
        while running.poll() is None and len(list(work.glob("*.done"))) < goal:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.03))
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        if out.exists():  # the last shard was done before the kill
            break
        kills += 1
        now = {p.name: p.stat().st_mtime_ns for p in sorted(work.glob("?????.*")) if p.suffix != ".draft"}
        assert finished.items() <= now.items(), "a finished shard was done again"
        numbers = {p.stem for p in work.glob("*.done")}
        finished = {name: time for name, time in now.items() if name.split(".")[0] in numbers}
    assert kills >= 2
    if not out.exists():
        done = subprocess.run(args, capture_output=True, text=True)
        assert done.returncode == 0, done
        assert f"{2 * len(numbers)} articles were finished by an earlier run" in done.stderr
    assert out.read_bytes() == expected
    only(tmp_path, "out.jsonl")


@pytest.mark.slow
def test_the_workers_end_with_a_killed_main_process(folder: Path, tmp_path: Path) -> None:
    work = tmp_path / ".out.jsonl.parts"
    args = command(folder, "-o", tmp_path / "out.jsonl", "--jobs", 2, "--shard-size", 5)
    running = subprocess.Popen(args, start_new_session=True, stderr=subprocess.DEVNULL)
    while not list(work.glob("*.done")):
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.wait()
    with pytest.raises(ProcessLookupError):
        for _ in range(500):
            os.killpg(running.pid, 0)
            time.sleep(0.01)


@pytest.mark.parametrize("place", ["joined", "put_plan", "clear"])
def test_a_run_ended_while_it_clears_up_is_finished_by_the_next(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    asked = batch.Batch((str(small),), tmp_path / "out.jsonl", "baseline", jobs=1, shard=2)
    with monkeypatch.context() as patched:
        if place == "joined":
            replace = os.replace
            patched.setattr(
                "framing.workfolder.os.replace", lambda a, b: stop(b) if b == asked.output else replace(a, b)
            )
        elif place == "put_plan":
            put = WorkFolder.put_plan
            patched.setattr(WorkFolder, "put_plan", lambda w, plan: stop() if "finished" in plan else put(w, plan))
        else:
            patched.setattr(WorkFolder, "clear", lambda w: stop() if w.worth_keeping() else None)
        with pytest.raises(KeyboardInterrupt):
            batch.run(asked)
    only(tmp_path, "in", ".out.jsonl.parts", *(["out.jsonl"] if place != "joined" else []))
    result = batch.run(asked)
    assert (result.counts.articles, result.before) == (5, 5)
    assert paths(tmp_path / "out.jsonl") == [str(small / f"{n}.txt") for n in range(5)]
    only(tmp_path, "in", "out.jsonl")


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_bad_articles_are_listed_and_stop_nothing(small: Path, tmp_path: Path) -> None:
    (small / "1.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (small / "2a.txt").write_text(" \n")
    (small / "2b.html").write_text("<html><body></body></html>")
    (small / "3.txt").write_text("Long one. " * 200)
    (small / "9.jsonl").write_text(
        '{"text": "Fine."}\n\n{"txt": 1}\n{oops\n{"text": "Odd \\ud800."}\n{"text": "Also."}\n'
    )
    done = framing(small, "-o", tmp_path / "out.jsonl", "--max-bytes", 1000, "--shard-size", 2)
    assert done.returncode == 1
    assert done.stderr == f"framing: 7 of 12 articles failed, see {tmp_path}/out.jsonl.errors.jsonl\n"
    good = [f"{small}/0.txt", f"{small}/2.txt", f"{small}/4.txt", f"{small}/9.jsonl:1", f"{small}/9.jsonl:6"]
    assert paths(tmp_path / "out.jsonl") == good
    errors = {Path(row["path"]).name: row["error"] for row in rows(tmp_path / "out.jsonl.errors.jsonl")}
    assert list(errors) == ["1.txt", "2a.txt", "2b.html", "3.txt", "9.jsonl:3", "9.jsonl:4", "9.jsonl:5"]
    assert errors["1.txt"] == "binary, not text"
    assert errors["2a.txt"] == "empty, there is nothing to annotate"
    assert errors["3.txt"].startswith("larger than the limit of 1,000 bytes")
    assert errors["9.jsonl:3"] == 'no "text" in this line'
    assert "surrogate" in errors["9.jsonl:5"]
    only(tmp_path, "in", "out.jsonl", "out.jsonl.errors.jsonl")
    for name in ("1.txt", "2a.txt", "2b.html", "3.txt", "9.jsonl"):
        (small / name).unlink()
    assert framing(small, "-o", tmp_path / "out.jsonl").returncode == 0
    only(tmp_path, "in", "out.jsonl")


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--max-sentences", 2, "3 sentences, over the limit of 2 (--max-sentences)"),
        ("--max-sentence-length", 30, "characters, over the limit of 30 (--max-sentence-length)"),
        ("--max-seconds", 0, "over the limit of 0 s an article (--max-seconds)"),
    ],
)
def test_limits_are_told_with_the_option_that_raises_them(small: Path, option: str, value: int, reason: str) -> None:
    out = small.parent / "out.jsonl"
    done = framing(small, "-o", out, option, value)
    assert done.returncode == 1
    assert all(reason in row["error"] for row in rows(out.with_name("out.jsonl.errors.jsonl")))
    assert out.read_bytes() == b""
    assert reason in refused(small / "0.txt", option, value)


CRASH = """
import os, signal, time
import framing.annotator
plain = framing.annotator.Annotator.__call__
def call(self, article):
    if "blocks" in str(article):
        time.sleep(60)
    if "round 3" in str(article):
        os.kill(os.getpid(), signal.SIGKILL)
    if "round 1" in str(article):
        time.sleep(60)
    return plain(self, article)
framing.annotator.Annotator.__call__ = call
"""


@pytest.mark.slow
def test_an_article_that_kills_or_blocks_its_worker_is_passed_over(small: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CRASH)
    args = (small, "-o", tmp_path / "out.jsonl", "--jobs", 1, "--max-seconds", 0.5)
    done = framing(*args, PYTHONPATH=os.pathsep.join([str(tmp_path / "site"), str(ROOT)]))
    assert done.returncode == 1, done
    assert [Path(p).name for p in paths(tmp_path / "out.jsonl")] == ["0.txt", "2.txt", "4.txt"]
    slow, killed = rows(tmp_path / "out.jsonl.errors.jsonl")
    assert slow["error"] == "over the limit of 0.5 s an article (--max-seconds)"
    assert killed["error"] == "the worker process ended at it (exit code -9)"


@pytest.mark.slow
def test_many_articles_that_block_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CRASH)
    (tmp_path / "in").mkdir()
    for name in range(6):
        (tmp_path / "in" / f"{name}.txt").write_text("It rained." if name == 5 else "This one blocks.")
    search = os.pathsep.join([str(tmp_path / "site"), str(ROOT)])
    done = framing(tmp_path / "in", "-o", tmp_path / "out.jsonl", "--jobs", 1, "--max-seconds", 0.2, PYTHONPATH=search)
    assert done.returncode == 1, done
    assert [Path(p).name for p in paths(tmp_path / "out.jsonl")] == ["5.txt"]
    assert len(rows(tmp_path / "out.jsonl.errors.jsonl")) == 5


def test_an_unfinished_run_of_another_kind_is_not_mixed_in(folder: Path, small: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.parts"
    running = subprocess.Popen(
        command(folder, "-o", out, "--shard-size", 1), start_new_session=True, stderr=subprocess.DEVNULL
    )
    while len(list(work.glob("*.done"))) < 2:
        assert running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGSTOP)  # it is still at work, however fast it is
    assert "another run is writing it" in refused(folder, "-o", out, "--shard-size", 1)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert "began with other articles; --restart" in refused(small, "-o", out, "--shard-size", 1)
    assert "began with other options and shard size" in refused(folder, "-o", out, "--outlet", "AP")
    assert work.is_dir()
    assert framing(small, "-o", out, "--restart").returncode == 0
    assert len(rows(out)) == 5
    assert not work.exists()


def test_changed_articles_are_other_articles(small: Path, tmp_path: Path) -> None:
    before = Corpus((str(small),)).survey(lambda _: None)
    shard = next(Corpus((str(small),)).shards(9)).digest()
    assert Corpus((str(small),)).survey(lambda _: None) == before
    (small / "3.txt").write_text("Changed.")
    after = Corpus((str(small),)).survey(lambda _: None)
    assert (after.articles, after.sha256 != before.sha256) == (5, True)
    assert next(Corpus((str(small),)).shards(9)).digest() != shard


def test_json_lines_and_parquet_in_and_out(tmp_path: Path) -> None:
    found = [{"text": text(n), "outlet": "AP" if n % 2 else None, "id": f"n{n}"} for n in range(7)]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\r\n" for row in found))
    pq.write_table(pa.Table.from_pylist(found), tmp_path / "in.parquet", row_group_size=3)
    for source, out in (
        ("in.jsonl", "lines.jsonl"),
        ("in.parquet", "out.jsonl"),
        ("in.jsonl", "out.jsonl.gz"),
        ("in.parquet", "out.parquet"),
    ):
        done = framing(tmp_path / source, "-o", tmp_path / out, "--shard-size", 3)
        assert done.returncode == 0, done
    plain = (tmp_path / "out.jsonl").read_bytes()
    assert (tmp_path / "lines.jsonl").read_bytes() == plain
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()) == plain
    written = rows(tmp_path / "out.jsonl")
    assert [(r["article"]["path"], r["article"]["outlet"]) for r in written] == [(r["id"], r["outlet"]) for r in found]
    table = pq.read_table(tmp_path / "out.parquet")
    assert tuple(table.column_names) == report.SENTENCE_COLUMNS
    sentences = [
        (r["article"]["path"], s["text"], s["label"], s["confidence"]) for r in written for s in r["sentences"]
    ]
    columns = (table[name].to_pylist() for name in ("path", "text", "label", "confidence"))
    assert list(zip(*columns, strict=True)) == sentences
    only(tmp_path, "in.jsonl", "in.parquet", "lines.jsonl", "out.jsonl", "out.jsonl.gz", "out.parquet")


def test_the_output_is_no_input_of_a_second_run(small: Path) -> None:
    for _ in range(2):
        assert framing(small, "-o", small / "out.jsonl").returncode == 0
        assert len(rows(small / "out.jsonl")) == 5
    assert "take the input's place" in refused(small / "out.jsonl", "-o", small / "out.jsonl")
    only(small, *(f"{n}.txt" for n in range(5)), "out.jsonl")


def test_patterns_stand_for_files_in_order(folder: Path, expected: bytes, tmp_path: Path) -> None:
    for pattern in ("b/*.txt", "**/*1.txt", "b/**", "*", "[ab]/c/0?[13].txt", "?/*"):
        found = [f.path for f in walk.matching(f"{folder}/{pattern}")]
        globbed = [p for p in folder.glob(pattern.removesuffix("/**")) for p in ([p] if p.is_file() else p.rglob("*"))]
        assert found == [str(p) for p in sorted(set(globbed)) if p.is_file()], pattern
    done = framing(f"{folder}/**/*.txt", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 0
    assert (tmp_path / "out.jsonl").read_bytes() == expected


def test_large_folders_are_walked_in_pieces(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(walk.walk(str(folder)))
    assert [f.path for f in whole] == [str(p) for p in sorted(folder.rglob("*.txt"))]
    monkeypatch.setattr(walk, "CHUNK", 7)
    assert list(walk.walk(str(folder))) == whole


def test_what_cannot_start_gets_one_line_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    (empty := tmp_path / "empty").mkdir()
    out = tmp_path / "out.jsonl"
    assert "no articles here (looked for" in refused(empty, "-o", out)
    assert "no articles here" in refused(f"{small}/*.pdf", "-o", out)
    assert "No such file" in refused(tmp_path / "none.jsonl", "-o", out)
    assert "No such file" in refused(small, "-o", tmp_path / "no" / "out.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    assert "is a folder" in refused(small, "-o", tmp_path / "folder.jsonl")
    assert "needs -o OUT" in refused(small, "--jobs", 2)
    assert "needs -o OUT" in refused(small, "--jobs", 2, "-o", tmp_path / "out.csv")
    for form, file in (("csv", out), ("jsonl", out.with_suffix(".parquet"))):
        assert "is not what" in refused(small, "--format", form, "-o", file)
    assert "folders, patterns and files" in refused("-", "--jobs", 2, "-o", out)
    (tmp_path / "bad.parquet").write_text("not a table")
    assert "not a Parquet file" in refused(tmp_path / "bad.parquet", "-o", out)
    pq.write_table(pa.table({"body": ["x"]}), tmp_path / "bad.parquet")
    assert 'no column "text" (it has body)' in refused(tmp_path / "bad.parquet", "-o", out)
    (tmp_path / "table.tsv").write_text("nonsense\n")
    assert "table.tsv" in refused(small, "-o", out, "--registry", tmp_path / "table.tsv")
    only(tmp_path, "in", "empty", "bad.parquet", "table.tsv", "folder.jsonl")


def test_parquet_without_pyarrow_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(FramingError, match=r"pip install 'framing\[parquet\]'"):
        parquet.require()


def test_odd_names_and_encodings_are_written(tmp_path: Path) -> None:
    base = tmp_path / "in"
    base.mkdir()
    (base / "ä\nb.txt").write_text(text(1))
    (base / "w.txt").write_bytes("Así fue, dijo él.".encode("cp1252"))
    (base / os.fsdecode(b"x\xff.txt")).write_text(text(2))
    (base / "y.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "Fine."}')
    done = framing(base, "-o", tmp_path / "out.jsonl")
    assert done.returncode == 0, done
    assert [Path(p).name for p in paths(tmp_path / "out.jsonl")] == ["w.txt", "x\ufffd.txt", "y.jsonl:1", "ä\nb.txt"]
    assert "1 article: its encoding or date was assumed" in done.stderr.splitlines()[0]


def test_a_table_damaged_further_on_gives_what_lies_before(tmp_path: Path) -> None:
    file = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": [text(n) for n in range(60)]}), file, row_group_size=20, compression="none")
    body = bytearray(file.read_bytes())
    at = body.index(b"round 45") - 400
    body[at - 3000 : at] = bytes(3000)
    file.write_bytes(bytes(body))
    items = [item for shard in Corpus((str(file),)).shards(7) for item in shard.items]
    good = [item for item in items if item.problem is None]
    assert 0 < len(good) < 60
    assert "damaged" in items[-1].problem
    assert items[-1].name == f"{file}:{len(good) + 1}"
    assert [item.name for item in good] == [f"{file}:{n}" for n in range(1, len(good) + 1)]
