"""A progress bar on a terminal's standard error, for work over two seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

Work = TypeVar("Work")

WAIT = 2.0  # seconds of work before the bar is shown


class Progress:
    """One bar with rate and time left; none where standard error is not a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._started = monotonic()
        self._bar: Any = None
        self._task: Any = None
        self._what: tuple[str, int | None] = ("", None)

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stretch of work; without a total the bar only moves."""
        self._what = (name, total)
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(name, total=total)

    def update(self, done: int, total: int | None = None) -> None:
        """Say how much is done, and of how much if that has changed."""
        if total is not None:
            self._what = (self._what[0], total)
        if not self._shown or monotonic() - self._started < WAIT:
            return
        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(self._what[0], total=self._what[1])
        self._bar.update(self._task, completed=done, total=self._what[1])

    def each(self, name: str, items: Sequence[Work]) -> Iterator[Work]:
        """Yield the items of a stage of their own, saying how many are done."""
        self.stage(name, len(items))
        for done, item in enumerate(items, 1):
            yield item
            self.update(done)

    def __enter__(self) -> Progress:
        """Nothing is shown yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()


def _bar() -> Any:
    from rich import progress
    from rich.console import Console
    from rich.text import Text

    class Rate(progress.ProgressColumn):
        """Articles a second."""

        def render(self, task: progress.Task) -> Text:
            speed = task.speed or 0
            return Text(f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s")

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        Rate(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
