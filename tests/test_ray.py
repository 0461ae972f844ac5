"""Batches on Ray: what the local workers give, whatever dies on the way. `make test-scale` installs Ray."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from command import refused
from conftest import ROOT

from framing import dataset
from framing.cluster import Cluster
from framing.items import Item, Shard
from framing.limits import LIMITS
from framing.worker import Setup
from framing.workfolder import WorkFolder

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: make test-scale")
BAD = 137  # the number of the article that is none
TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "a token of the tests alone, 32 or more long"}
SERVE = """
import logging, os, sys, tempfile
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
import ray
with tempfile.TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True) as scratch:
    started = ray.init("local", num_cpus=2, include_dashboard=False, _temp_dir=scratch)
    print(started.address_info["gcs_address"], flush=True)
    sys.stdin.read()
    ray.shutdown()
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,000 articles of four sentences each, one of which has no text."""
    sentences = [row.text for article in dataset.read_articles(ROOT / "data" / "articles") for row in article.sentences]
    chance = random.Random(6)
    file = tmp_path_factory.mktemp("corpus") / "in.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(1000):
            text = "\n\n".join([f"Report {number}", *chance.sample(sentences, 4)])
            out.write(json.dumps({"id": f"n{number}", "text": " " if number == BAD else text}) + "\n")
    return file


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "framing", "predict", "--model", "baseline", *map(str, args)]


def framing(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*args), capture_output=True, text=True, env=os.environ | env)


@pytest.fixture(scope="module")
def expected(corpus: Path) -> Path:
    """The corpus annotated by the local workers."""
    out = corpus.with_name("local.jsonl")
    assert framing(corpus, "-o", out).returncode == 1
    return out


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A Ray cluster of one machine."""
    args = [sys.executable, "-W", "ignore", "-c", SERVE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(args, **pipes, text=True, env=os.environ | TOKEN) as running:  # type: ignore[call-overload]
        yield running.stdout.readline().strip()
        running.communicate()


def rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def same(found: list[dict], expected: list[dict]) -> None:
    """The same sentences in the same order, labelled alike."""
    assert len(found) == len(expected)
    for row, wanted in zip(found, expected, strict=True):
        scores, others = split(row)
        wanted_scores, wanted_others = split(wanted)
        assert others == wanted_others
        assert scores == pytest.approx(wanted_scores, abs=1e-4)


def split(row: dict) -> tuple[dict, dict]:
    return {k: v for k, v in row.items() if isinstance(v, float)}, {
        k: v for k, v in row.items() if not isinstance(v, float)
    }


def test_the_asking_process_holds_no_articles(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    item = Item("in.parquet:1", "in.parquet", row={"text": "It rained."})
    held = sys.getrefcount(item)
    cluster = Cluster(Setup("baseline", (), None, LIMITS, WorkFolder(tmp_path, ".jsonl")), 1, lambda _: None, None)
    cluster._block(Shard(0, (item,)))
    assert sys.getrefcount(item) == held


@pytest.mark.slow
@needs_ray
def test_ray_gives_what_the_local_workers_give_from_parquet_to_parquet(
    corpus: Path, tmp_path: Path, address: str
) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.Table.from_pylist(rows(corpus)), tmp_path / "in.parquet", row_group_size=300)
    local, out = tmp_path / "local.parquet", tmp_path / "out.parquet"
    assert framing(tmp_path / "in.parquet", "-o", local).returncode == 1
    done = framing(tmp_path / "in.parquet", "-o", out, "--engine", "ray", "--address", address, **TOKEN)
    assert done.returncode == 1, done
    assert done.stderr == f"framing: 1 of 1,000 articles failed, see {out}.errors.jsonl\n"
    assert pq.read_schema(out) == pq.read_schema(local)
    same(pq.read_table(out).to_pylist(), pq.read_table(local).to_pylist())
    (bad,) = rows(out.with_name("out.parquet.errors.jsonl"))
    assert bad == {"path": f"{tmp_path}/in.parquet:{BAD + 1}", "error": 'no "text" in this line'}
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(("out", ".out"))) == [
        "out.parquet",
        "out.parquet.errors.jsonl",
    ]


@pytest.mark.slow
@needs_ray
def test_killed_workers_lose_nothing(corpus: Path, expected: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.parts"
    args = command(corpus, "-o", out, "--engine", "ray", "--jobs", 2, "--shard-size", 10)
    killed = 0
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        for goal in (5, 30):
            while len(list(work.glob("*.done"))) < goal and running.poll() is None:
                time.sleep(0.01)
            while running.poll() is None and not (found := workers(running.pid)):
                time.sleep(0.01)
            os.kill(found[0], signal.SIGKILL)
            killed += 1
        try:
            printed, said = running.communicate(timeout=300)
        finally:
            running.kill()
    assert killed == 2
    assert printed == ""
    assert running.returncode == 1, said
    assert out.read_bytes() == expected.read_bytes()
    assert said == f"framing: 1 of 1,000 articles failed, see {out}.errors.jsonl\n"
    assert [row["path"] for row in rows(out.with_name("out.jsonl.errors.jsonl"))] == [f"{corpus}:{BAD + 1}"]
    assert not work.exists()


def workers(process: int) -> list[int]:
    """The processes below one that annotate."""
    found = []
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        for child in map(int, children):
            name = Path(f"/proc/{child}/cmdline").read_bytes()
            found += [child] if b"ray::" in name and b"Annotate" in name else workers(child)
    except OSError:  # it has just ended
        pass
    return found


CRASH = """
import os, signal, time
import framing.annotator
plain = framing.annotator.Annotator.__call__
def call(self, article):
    if "Report 3" in str(article):
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(self, article)
framing.annotator.Annotator.__call__ = call
"""


@pytest.mark.slow
@needs_ray
def test_an_article_that_kills_its_worker_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CRASH)
    (tmp_path / "in").mkdir()
    for number in range(5):
        (tmp_path / "in" / f"{number}.txt").write_text(f"Report {number}\n\nThe ministry said it was ready.\n")
    search = os.pathsep.join([str(tmp_path / "site"), str(ROOT)])
    out = tmp_path / "out.jsonl"
    done = framing(tmp_path / "in", "-o", out, "--engine", "ray", "--jobs", 1, PYTHONPATH=search)
    assert done.returncode == 1, done
    assert [Path(row["article"]["path"]).name for row in rows(out)] == ["0.txt", "1.txt", "2.txt", "4.txt"]
    (bad,) = rows(out.with_name("out.jsonl.errors.jsonl"))
    assert bad["error"] == "the worker process ended at it, 2 times"


@pytest.mark.slow
@needs_ray
def test_no_cluster_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("The ministry said it was ready.")
    done = framing(tmp_path / "in.txt", "-o", tmp_path / "o.jsonl", "--engine", "ray", "--address", "127.0.0.1:1")
    assert done.returncode == 2, done
    assert done.stderr.startswith("framing: no Ray cluster at 127.0.0.1:1 (")
    assert len(done.stderr.splitlines()) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.txt"]


def test_what_ray_needs_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in.txt").write_text("The ministry said it was ready.")
    monkeypatch.setitem(sys.modules, "ray", None)
    asked = ("predict", tmp_path / "in.txt", "--model", "baseline")
    assert "pip install 'framing[ray]'" in refused(*asked, "-o", tmp_path / "out.jsonl", "--engine", "ray")
    assert "needs -o OUT" in refused(*asked, "--engine", "ray")
    assert "needs --engine ray" in refused(*asked, "-o", tmp_path / "out.jsonl", "--address", "auto")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.txt"]
