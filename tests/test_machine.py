"""What a machine is taken to have."""

from __future__ import annotations

from pathlib import Path

import pytest

from framing.machine import sums_overflow


@pytest.mark.parametrize(
    ("machine", "flags", "overflow"),
    [
        ("x86_64", "avx2 avx512_vnni", False),
        ("AMD64", "avx2 avx_vnni", False),
        ("x86_64", "avx2 avx512f", True),
        ("x86_64", None, True),
        ("arm64", None, False),
    ],
)
def test_sums_overflow_on_x86_without_vnni(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, machine: str, flags: str | None, overflow: bool
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    cpu = tmp_path / "cpuinfo"
    if flags is not None:
        cpu.write_text(f"processor : 0\nflags : {flags} bmi2\n")
    assert sums_overflow(cpu) is overflow
