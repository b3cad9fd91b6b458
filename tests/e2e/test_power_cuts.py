"""Kill -9: an acknowledged save is there, and a report is rendered once."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.stack import ROOT, Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A site whose processes are started and killed one by one."""
    site = Stack(tmp_path_factory.mktemp("cuts") / "data")
    site.prepare()
    yield site
    site.stop()


FIRST_RESULT = (
    "from apps.assessments.models import Result\n"
    "from apps.reports.services import request_assessment_report\n"
    "result = Result.objects.filter(member__is_demo=True).order_by('pk').first()\n"
    "lead = result.assessment.lead\n"
    "row = request_assessment_report(actor=lead, member=result.member.public_id, result=result.public_id, language='en', paper='a4')\n"
    "print(json.dumps(row.public_id))"
)


def state(site: Stack, report: str) -> dict[str, object]:
    return site.ask(  # type: ignore[no-any-return]
        "from apps.reports.models import Report\n"
        f"r = Report.objects.get(public_id='{report}')\n"
        "print(json.dumps({'state': r.state, 'renders': r.renders, 'file': r.file.name, 'stage': r.stage}))"
    )


def test_killed_worker_renders_the_report_once_after_the_restart(stack: Stack) -> None:
    report = stack.ask(FIRST_RESULT)
    stack.start("worker", "scheduler")
    stack.wait(lambda: state(stack, report)["state"] == "working", 60, "the worker did not begin")
    stack.kill("worker")
    assert state(stack, report)["state"] == "working"
    stack.start("worker")
    done = stack.wait(
        lambda: (s := state(stack, report))["state"] == "ready" and s,
        90,
        "the report was not made after the restart",
    )
    assert done["renders"] == 1
    files = list((stack.place / "files" / "reports").rglob("*.pdf"))
    assert [str(p.relative_to(stack.place / "files")) for p in files] == [done["file"]]
    stack.kill("worker")
    stack.kill("scheduler")


def test_acknowledged_save_survives_the_web_process(stack: Stack) -> None:
    stack.start("web")
    opener_cookie, token, address = sign_in(stack)
    data = (
        f"csrfmiddlewaretoken={token}&full_name=Leila+Marwan-Kesh&call_name=x&language=&time_zone=UTC&theme="
    )
    request = Request(
        f"{stack.url}/me/account/", data.encode(), {"Cookie": opener_cookie, "Referer": address}
    )
    with no_redirect().open(request) as response:
        assert response.status == 302
    stack.kill("web", signal.SIGKILL)
    found = stack.ask(
        "from apps.accounts.models import User\nprint(json.dumps(User.objects.filter(full_name='Leila Marwan-Kesh').count()))"
    )
    assert found == 1
    stack.start("web")
    with urlopen(Request(f"{stack.url}/me/account/", headers={"Cookie": opener_cookie})) as page:
        assert "Leila Marwan-Kesh" in page.read().decode()
    stack.kill("web")


def test_up_stops_everything_on_one_signal(stack: Stack) -> None:
    stack.start("up")
    assert stack.kill("up", signal.SIGTERM) == 0
    assert not stack.answers()


def no_redirect():  # type: ignore[no-untyped-def]
    """An opener that hands back redirects as they are."""
    from urllib.request import HTTPRedirectHandler, build_opener

    class Stay(HTTPRedirectHandler):
        def http_error_302(self, req, fp, code, msg, headers):  # type: ignore[no-untyped-def]
            return fp

    return build_opener(Stay)


def sign_in(site: Stack) -> tuple[str, str, str]:
    """Enter as the demonstration's lead by plain HTTP; return cookies, form token and address of the account page."""
    with urlopen(f"{site.url}/tour/") as page:
        cookies, text = cookies_of(page), page.read().decode()
    form = re.search(r'action="(/tour/[a-z2-7]{20}/)"', text)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert form and token
    request = Request(
        f"{site.url}{form[1]}",
        f"csrfmiddlewaretoken={token[1]}".encode(),
        {"Cookie": cookies, "Referer": site.url},
    )
    with no_redirect().open(request) as response:
        assert response.status == 302
        cookies = cookies_of(response)
    address = f"{site.url}/me/account/"
    with urlopen(Request(address, headers={"Cookie": cookies})) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token
    return cookies, token[1], address


def cookies_of(response) -> str:  # type: ignore[no-untyped-def]
    """The cookies that a response sets, as a request sends them."""
    return "; ".join(value.split(";")[0] for value in response.headers.get_all("Set-Cookie") or [])


def test_answers_survive_power_cuts_of_web_and_worker_together(tmp_path: Path) -> None:
    """A handful of what `scripts/power_cuts.py --cycles 300` does: nothing acknowledged is lost, no job stays behind."""
    out = tmp_path / "result.json"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BELAY_", "DJANGO_", "PYTEST"))}
    command = [sys.executable, "scripts/power_cuts.py", "--cycles", "4", "--seed", "9", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(out.read_text())
    assert found["cycles"] == 4 and found["lost"] == 0 and found["jobs_left"] == 0
    assert found["acknowledged"] > 4 and found["odd_answers"] == []
    assert found["conflicts"] > 0 and found["conflicts_without_both_texts"] == 0
