"""Reports against the bare engine: a national report on the same HTML, cost per page as it grows, memory as they are many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANY = int(os.environ.get("BELAY_BENCH_REPORTS", "40"))  # the full measure is 200
SHORT, LONG = 1, 120  # sentences beside each answer: about 30 and 200 pages
WIDTH = "a national report of {pages} pages in its words and laid out"


def html(comments: int) -> str:
    """A national report over 80 indicators, each reason `comments` sentences long."""
    from tests.reports import papers

    return papers.html_of(lambda: papers.national(papers.own(comments=comments)), "en")


def bare(text: str) -> int:
    """The engine alone on the same HTML, with the same sheets; the number of pages."""
    from weasyprint import HTML

    from apps.reports.pdf import STATIC, _fetcher

    document = HTML(string=text, base_url=STATIC, url_fetcher=_fetcher()).render(
        pdf_variant="pdf/ua-1", pdf_tags=True
    )
    document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return len(document.pages)


def ours(comments: int) -> tuple[int, float]:
    """Pages of a report and the seconds of the processor that it took, words and layout."""
    from apps.reports.pdf import render_pdf

    start = time.process_time()
    made = render_pdf(html(comments), language="en", title="National report", seconds=3600)
    return made.pages, time.process_time() - start


def rows(row: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Each measured by the processor's own clock, since nothing of it waits."""
    text = html(2)
    pages = bare(text)
    first = row(
        WIDTH.format(pages=pages), lambda: ours(2), lambda: bare(text), "bare WeasyPrint on the same HTML", 1,
        time.process_time,
    )  # fmt: skip
    return [first, growth(), memory()]


def growth() -> dict[str, Any]:
    """Milliseconds of a page in a long report against those in a short one."""
    (few, short), (many, long) = ours(SHORT), ours(LONG)
    a, b = 1000 * long / many, 1000 * short / few
    return {
        "name": f"a page of a report of {many} pages",
        "ms": round(a, 3),
        "bare": f"a page of a report of {few} pages",
        "bare_ms": round(b, 3),
        "ratio": round(a / b, 2),
    }


def memory() -> dict[str, Any]:
    """Megabytes that one worker holds after `MANY` reports against those after the first quarter."""
    found = subprocess.run(  # noqa: S603 - this file, by this interpreter
        [sys.executable, __file__, str(MANY)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    early, late = json.loads(found.stdout.splitlines()[-1])
    return {
        "name": f"memory of one worker after {MANY} reports",
        "mb": round(late, 1),
        "bare": f"after {max(MANY // 4, 1)}",
        "bare_mb": round(early, 1),
        "ratio": round(late / early, 2),
    }


def _held() -> float:
    """Megabytes of memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _work(number: int) -> list[float]:
    """Make `number` reports of one page; memory after a quarter of them, and after all."""
    from apps.reports.pdf import render_pdf
    from tests.reports import papers

    found = []
    for done in range(1, number + 1):
        text = papers.html_of(lambda: papers.brief(papers.own(full=False)), ("en", "fr", "ar")[done % 3])
        render_pdf(text, language="en", title="One page")
        if done in (max(number // 4, 1), number):
            found.append(_held())
    return [found[0], found[-1]]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["BELAY_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(_work(int(sys.argv[1]))))
