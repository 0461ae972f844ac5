"""The command line, run in this process: starting another for every test takes longer than the tests."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from framing import cli


def framing(*args: object, stdin: str | bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    """What `framing ARGS` does: exit code, standard output and error."""
    body = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["framing", *map(str, args)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body), "utf-8"))
        patch.setattr(sys, "stdout", io.TextIOWrapper(out, "utf-8", write_through=True))
        patch.setattr(sys, "stderr", io.TextIOWrapper(err, "utf-8", write_through=True))
        for name, value in env.items():
            patch.setenv(name, value)
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        return subprocess.CompletedProcess(args, code, out.getvalue().decode(), err.getvalue().decode())


def refused(*args: object, **more: str) -> str:
    """The one line with which a command ends with exit code 2."""
    done = framing(*args, **more)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr
