"""The drawing as a browser lays it out: the words lie in their boxes, whatever fonts it has."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import kg

_MEASURE = """
const boxes = [...document.querySelectorAll('rect.label')];
const out = {boxes: boxes.length, spilled: [], overlapping: [], small: [], width: document.querySelector('svg').getBoundingClientRect().width};
const at = e => e.getBoundingClientRect();
for (const box of boxes) {
  const words = box.nextElementSibling, b = at(box), w = at(words);
  if (w.left >= b.right) continue;  // the legend has its words beside its boxes
  if (w.left < b.left || w.right > b.right || w.top < b.top - 1 || w.bottom > b.bottom + 1) out.spilled.push(words.textContent);
}
boxes.forEach((one, i) => boxes.slice(i + 1).forEach(other => {
  const a = at(one), b = at(other);
  if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) out.overlapping.push(i);
}));
for (const text of document.querySelectorAll('text'))
  if (parseFloat(getComputedStyle(text).fontSize) < 11) out.small.push(text.textContent);
document.body.dataset.measured = JSON.stringify(out);
"""  # noqa: E501 - a script, read as it is


def measured(chromium: str, folder: Path, svg: str) -> dict[str, object]:
    """Open a drawing at 800 px and return what the browser measures."""
    page = folder / "page.html"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{svg}<script>{_MEASURE}</script>')
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
               "--disable-sync", "--no-first-run", f"--user-data-dir={folder / 'profile'}", "--window-size=800,1000",
               "--dump-dom", page.as_uri()]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    text = dom.partition('data-measured="')[2].partition('"')[0].replace("&quot;", '"')
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.parametrize("text", ["", "Term\nA very long term indeed.\nRelated terms\n" + "\n".join(
    ["基础模型", "מודל", "W" * 40, "<script>alert(1)</script>", "a & b", "ﬁligree", "x" * 300])])  # fmt: skip
def test_words_lie_in_their_boxes_and_no_boxes_overlap(chromium: str, tmp_path: Path, text: str) -> None:
    dataset = kg.load()
    if text:
        (tmp_path / "term.txt").write_text(text)
        dataset = kg.load(tmp_path / "term.txt", base="https://example.org/")
    found = measured(chromium, tmp_path, kg.export(dataset, "svg"))
    assert found == {"boxes": found["boxes"], "spilled": [], "overlapping": [], "small": [], "width": 800}
    assert isinstance(found["boxes"], int) and found["boxes"] >= 7
