"""What this machine has: cores, and instructions of its CPU."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

CPU = Path("/proc/cpuinfo")  # where Linux tells what a CPU can


def cores() -> int:
    """The CPU cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def sums_overflow(cpu: Path = CPU) -> bool:
    """Whether ONNX Runtime's fast int8 products go wrong here: on x86 without VNNI instructions, or if unknown.

    They add pairs of products in 16 bits there, which cost some layers of `accurate` 20 to 40 % of their output.
    """
    return platform.machine().lower() in ("x86_64", "amd64") and not _has(r"avx(?:512)?_vnni", cpu)


def multiplies_bfloat16() -> bool:
    """Whether this CPU has products of bfloat16; where it has none, torch's take three times as long as float32's."""
    return _has("avx512_bf16|amx_bf16|bf16", CPU)


def _has(instructions: str, cpu: Path) -> bool:
    """Whether the CPU has instructions whose name matches a pattern, as Linux tells; False where nothing tells."""
    try:
        return bool(re.search(rf"\b(?:{instructions})\b", cpu.read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False
