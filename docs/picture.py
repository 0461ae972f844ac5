"""Draw docs/terminal.svg, what `framing predict` shows of a seed: `python docs/picture.py`."""

import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from framing import read, report
from framing.annotator import load

HOME = Path(__file__).parent
SEED = HOME.parent / "data" / "seeds" / "003_8fe3816da4a12f54.txt"
LINES = 44

(article,) = read.read(str(SEED))
lines = report.to_text(load()(article), colour=True).splitlines()
console = Console(record=True, width=report.WIDTH, file=open("/dev/null", "w"), force_terminal=True)  # noqa: SIM115
console.print(Text.from_ansi("\n".join(["$ framing predict article.txt", *lines[:LINES]])))
svg = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title="framing"), flags=re.DOTALL)  # they load from afar
(HOME / "terminal.svg").write_text(re.sub(r"[ \t]+\n", "\n", svg), encoding="utf-8")
