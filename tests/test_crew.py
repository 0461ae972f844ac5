"""A batch's workers and its work folder, taken apart; test_batch.py runs them whole."""

from __future__ import annotations

import os
from multiprocessing import Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import cast

import pytest

from framing.batch import Result
from framing.cluster import Ledger
from framing.crew import Crew, _Worker
from framing.items import Item, Shard
from framing.limits import LIMITS
from framing.schema import FramingError
from framing.worker import TRIES, Setup
from framing.workfolder import Counts, WorkFolder, opened


class Ended:
    """A process that is no more."""

    exitcode = -9

    def join(self) -> None:
        """It has ended."""


def worker(shard: Shard | None) -> _Worker:
    return _Worker(cast(BaseProcess, Ended()), Pipe()[0], ready=True, shard=shard)


def test_a_dead_workers_shard_goes_to_one_that_idles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = Setup("baseline", (), None, LIMITS, WorkFolder(tmp_path, ".jsonl"))
    crew = Crew(setup, 2, lambda _: None)
    shard = Shard(0, (Item("a.txt", "a.txt"),))
    dead, idle = worker(shard), worker(None)
    crew._workers = [dead, idle]
    monkeypatch.setattr(crew, "_start", lambda: pytest.fail("a worker was started, which has to load its model first"))
    crew._died(dead)
    assert crew._workers == [idle]
    assert idle.shard is shard


def test_a_worker_that_ends_behind_its_last_article_is_replaced_before_the_run_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = Crew(Setup("baseline", (), None, LIMITS, WorkFolder(tmp_path, ".jsonl")), 1, lambda _: None)
    shard = Shard(0, (Item("a.txt", "a.txt"),))
    for attempt in range(TRIES):
        dead, idle = worker(shard), worker(None)
        dead.at, crew._workers = 1, [dead, idle]
        if attempt < TRIES - 1:
            crew._died(dead)
            assert idle.shard is shard
    with pytest.raises(FramingError, match=r"worker processes keep ending between a\.txt and a\.txt"):
        crew._died(dead)


@pytest.mark.parametrize("letter", ["x", "ж"])
def test_an_output_whose_errors_would_have_too_long_a_name_is_refused_at_once(tmp_path: Path, letter: str) -> None:
    size = len(os.fsencode(letter))
    longest = letter * ((255 - len(".jsonl.errors.jsonl")) // size)
    with opened(tmp_path / f"{longest}.jsonl", {}, restart=False) as work:
        assert work.folder.is_dir()
    over = opened(tmp_path / f"{longest}{letter}.jsonl", {}, restart=False)
    with pytest.raises(FramingError, match=r"the name is too long, .* 25[67] bytes"), over:
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("count", "told"), [(1, "1 article: its"), (1200, "1,200 articles: their")])
def test_how_many_articles_something_was_assumed_of_is_told(count: int, told: str) -> None:
    result = Result(Path("out.jsonl"), Counts(2000, assumed=count), 0, 2000)
    assert result.lines[0] == f"{told} encoding or date was assumed"


def test_ray_passes_an_article_over_that_is_known_to_have_ended_as_many_workers_as_locally() -> None:
    ledger, attempts, found = Ledger(), 0, [0]
    while not attempts or found[-1] < TRIES:  # at a shard, the second article of which ends its worker
        again, found = ledger.begun(0), []
        for index in range(2):
            found.append(ledger.at(0, index) if again else 0)
            if again and index == 0:
                ledger.over(0, index)
        attempts += 1
    assert found == [0, TRIES]
    assert attempts == TRIES + 2  # the first, of whose end nothing is known, and the one that passes it over


def test_what_ray_has_passed_over_stays_so() -> None:
    ledger = Ledger()
    assert [ledger.at(0, 1) for _ in range(TRIES + 1)][-1] == TRIES
    ledger.over(0, 1)
    assert ledger.at(0, 2) == 0  # dies
    assert ledger.at(0, 1) == TRIES
