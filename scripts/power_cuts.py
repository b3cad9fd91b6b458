"""Power cuts: kill -9 web and worker while two people save, start them again, and look for every acknowledged answer.

`python scripts/power_cuts.py --cycles 300 --out result.json`. The figures go to the file and to the screen: cycles, what was
acknowledged (answers, questions to a colleague), what was lost, how many saves ended in a conflict that showed both
texts, jobs that did not end. The exit code is 1 when anything was lost. With DATABASE_URL it runs on that (empty) database.

Web (gunicorn with its worker) and worker (Celery with its child) are forked from this process, which has imported the site
and holds no connection then: a cycle costs no start of Python, and all that they knew is gone with them all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import runpy
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
PLACE = Path(tempfile.mkdtemp(prefix="belay-cuts-"))
os.environ |= {
    "BELAY_DEMO": "1",
    "BELAY_DATA_DIR": str(PLACE),
    "LOG_LEVEL": "ERROR",
    "JOB_LEASE_SECONDS": "6",
}
os.environ["DATABASE_POOL"] = "0"  # a pool has threads, and these do not survive a fork
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.assessments.models import Assessment, Comment, Draft, ResponseRevision  # noqa: E402
from apps.core.models import OutboxMessage  # noqa: E402
from apps.frameworks.models import Indicator  # noqa: E402
from tests.stack import Stack  # noqa: E402

TOKEN = "belaypowercutsbelaypowercuts1234"  # cookie and form carry the same: what the site asks of a browser
TOGETHER = 3  # questions that both people answer in one cycle
PATIENCE = 12.0  # seconds that a worker has to begin its first job


@dataclass
class Person:
    """One who saves: the cookies of a signed-in browser, and what the site told this person."""

    user: User
    cookie: str
    version: dict[str, int] = field(default_factory=dict)
    saved: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    open: tuple[str, str] = ("", "")
    conflicts: int = 0
    one_sided: int = 0
    odd: list[int] = field(default_factory=list)


class Warm(Stack):
    """Processes that begin as copies of this one."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self.pids: dict[str, int] = {}

    def start(self, *names: str) -> None:
        """Fork them, each in a group of its own, and wait for an answer of the web process."""
        connections.close_all()
        for name in names:
            self.pids[name] = os.fork() or self._become(name)
        if "web" in names:
            self.wait(self.answers, 60, "the web process does not answer")

    def _become(self, name: str) -> int:
        """In the copy: run the command's own module to its end, and never come back."""
        try:
            os.setsid()
            log = os.open(self.place / f"{name}.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
            os.dup2(log, 1), os.dup2(log, 2)
            _python, _dash, module, *arguments = self.command(name)
            sys.argv = [module, *arguments]
            os.environ.update(self.environment)
            runpy.run_module(module, run_name="__main__")
        finally:
            os._exit(1)

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """The power cut of one group."""
        pid = self.pids.pop(name)
        os.killpg(pid, number)
        return os.waitpid(pid, 0)[1]

    def stop(self) -> None:
        for name in list(self.pids):
            self.kill(name)


class Site:
    """The site under test, with an assessment that two people answer."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.stack = Warm(PLACE)
        self._fill()
        self.codes = list(
            Indicator.objects.in_scope(self.assessment.scope)
            .filter(version=self.assessment.version_of)
            .values_list("code", flat=True)
        )

    def _fill(self) -> None:
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            call_command(*command, verbosity=0)
        call_command("createcachetable")
        if User.objects.exists():
            sys.exit("This database holds people already: power cuts are only for an empty one.")
        with Path(os.devnull).open("w") as out:
            call_command("load_framework", "content/framework/shared.yaml", stdout=out)
        from apps.assessments.services import open_assessment
        from apps.frameworks.models import FrameworkVersion
        from tests.people import make_cast

        cast, version = make_cast(), FrameworkVersion.objects.latest("pk")
        self.assessment: Assessment = open_assessment(
            actor=cast.lead, member=cast.agency, title="Under power cuts", version=version
        )
        self.people = [Person(user, self._cookie(user)) for user in (cast.lead, cast.respondent)]

    def _cookie(self, user: User) -> str:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def path(self, name: str, code: str) -> str:
        area = code.rpartition(".")[0]
        where = (self.assessment.member.public_id, self.assessment.public_id, area, code)
        return reverse(f"assessments:{name}", args=where)

    def send(self, person: Person, path: str, data: dict[str, Any]) -> tuple[int, str]:
        """One request of a browser. Raises `OSError` or `HTTPException` when the web process dies meanwhile."""
        line = HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
        headers = {"Cookie": person.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            line.request("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **data}), headers)
            response = line.getresponse()
            return response.status, response.read().decode()
        finally:
            line.close()


def save(site: Site, person: Person, code: str, text: str) -> None:
    """Save an answer as a browser does, and note what the site said. A text is one word: it stands whole on a page."""
    person.open = (code, text)
    level = str(site.dice.randint(0, 4))
    data = {"answer": level, "why": text, "version": person.version.get(code, 0), "idempotency": text}
    status, page = site.send(person, site.path("question", code), data)
    if status == 302:
        person.saved.append((code, text))
        person.version[code] = person.version.get(code, 0) + 1
        person.kept.pop(code, None)
    elif status == 409:
        person.conflicts += 1
        person.kept[code] = text
        found = re.search(r'name="version" value="(\d+)"', page)
        person.version[code] = int(found[1]) if found else 0
        person.one_sided += text not in page or len(set(re.findall(r"t\d+-\d+-\d+", page))) < 2
    else:
        person.odd.append(status)
    person.open = ("", "")


def ask(site: Site, person: Person, code: str, text: str) -> None:
    """Ask the colleague something: a comment, a notification and a mail that the worker sends."""
    other = next(p for p in site.people if p is not person)
    data = {"text": text, "asked": other.user.public_id, "key": text}
    status, _page = site.send(person, site.path("talk", code), data)
    if status == 302:
        person.asked.append(text)
    else:
        person.odd.append(status)


def work(site: Site, cycle: int, number: int, over: threading.Event) -> None:
    """Save and ask, one after the other, until the web process is gone."""
    person = site.people[number]
    codes = [site.codes[(cycle * TOGETHER + n) % len(site.codes)] for n in range(TOGETHER)]
    try:
        for turn in range(100_000):
            if over.is_set():
                return
            text = f"t{cycle}-{number}-{turn}"
            act = ask if turn % 8 == 4 else save
            act(site, person, codes[turn % TOGETHER], text)
    except (OSError, HTTPException):
        return


def worked() -> int:
    """How many times a worker has taken a job."""
    attempts = OutboxMessage.objects.values_list("attempts", flat=True)
    connection.close()
    return sum(attempts)


def cycle(site: Site, number: int) -> bool:
    """Start web and worker, let both people save, cut the power in the middle. True if the worker had begun a job."""
    site.stack.start("worker", "web")
    before, over = worked(), threading.Event()
    threads = [threading.Thread(target=work, args=(site, number, n, over)) for n in range(2)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    while not (begun := worked() > before) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(site.dice.uniform(0.0, 1.0))
    cut(site)
    over.set()
    for thread in threads:
        thread.join()
    return begun


def cut(site: Site) -> None:
    """Both processes at the same moment."""
    threads = [threading.Thread(target=site.stack.kill, args=(name,)) for name in ("web", "worker")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def missing(site: Site) -> list[str]:
    """Sentences about what the site had acknowledged and does not hold. What is found is not looked for again."""
    texts = {text for person in site.people for _code, text in person.saved}
    found = set(ResponseRevision.objects.filter(why__in=texts).values_list("why", flat=True))
    lost = [f"answer {text}" for text in sorted(texts - found)]
    asked = {text for person in site.people for text in person.asked}
    there = set(Comment.objects.filter(text__in=asked).values_list("text", flat=True))
    lost += [f"question {text}" for text in sorted(asked - there)]
    lost += [f"draft {text}" for person in site.people for text in undrafted(person)]
    connections.close_all()
    return lost


def undrafted(person: Person) -> list[str]:
    """Texts that a conflict promised to keep and that are no draft; a save that was cut off may have taken their place."""
    rows = Draft.objects.filter(user=person.user).select_related("indicator")
    drafts = {row.indicator.code: row.content["why"] for row in rows}
    code, text = person.open
    if code and (ResponseRevision.objects.filter(why=text).exists() or drafts.get(code) == text):
        person.kept.pop(code, None)
    person.open = ("", "")
    return [text for code, text in person.kept.items() if drafts.get(code) != text]


def standing(site: Site) -> list[str]:
    """Acknowledged answers that the history page does not show: what a person would miss."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(site.people[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    wrong = []
    for code in {code for person in site.people for code, _text in person.saved}:
        page = client.get(site.path("history", code)).content.decode()
        shown = set(re.findall(r"t\d+-\d+-\d+", page))
        wrong += [t for p in site.people for c, t in p.saved if c == code and t not in shown]
    return wrong


def jobs_left(site: Site) -> int:
    """How many jobs do not end although worker and scheduler run again, in two minutes."""
    site.stack.start("worker", "scheduler")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        left = OutboxMessage.objects.exclude(state=OutboxMessage.State.DONE).count()
        connection.close()
        if not left:
            break
        time.sleep(0.5)
    return left


def run(cycles: int, seed: int) -> dict[str, Any]:
    """All cycles; the figures."""
    started, site = time.monotonic(), Site(seed)
    lost: list[str] = []
    begun = 0
    try:
        for number in range(cycles):
            begun += cycle(site, number)
            gone = missing(site)
            lost += gone
            if gone:
                print(f"after power cut {number + 1}: {', '.join(gone)}", file=sys.stderr, flush=True)
            if number % 10 == 9:
                print(f"{number + 1} power cuts, {len(lost)} lost", file=sys.stderr, flush=True)
        lost += [f"history {text}" for text in standing(site)]
        left = jobs_left(site)
        call_command("audit", "verify", stdout=sys.stderr)
    finally:
        site.stack.stop()
    people = site.people
    return {
        "cycles": cycles,
        "acknowledged": sum(len(p.saved) for p in people),
        "asked": sum(len(p.asked) for p in people),
        "lost": len(set(lost)),
        "conflicts": sum(p.conflicts for p in people),
        "conflicts_without_both_texts": sum(p.one_sided for p in people),
        "odd_answers": sorted(code for p in people for code in p.odd),
        "cuts_in_a_job": begun,
        "jobs": OutboxMessage.objects.count(),
        "jobs_left": left,
        "seconds": round(time.monotonic() - started),
        "engine": connection.vendor,
        "seed": seed,
        "what_was_lost": sorted(set(lost))[:50],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cycles", type=int, default=300, metavar="N", help="how many power cuts (300)")
    parser.add_argument("--out", type=Path, default=None, metavar="FILE", help="where the JSON goes")
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which the power goes")
    given = parser.parse_args()
    if given.cycles < 1:
        parser.error("--cycles: at least one")
    figures = json.dumps(run(given.cycles, given.seed), indent=2)
    print(figures)
    if given.out:
        given.out.write_text(figures + "\n")
    found = json.loads(figures)
    if found["lost"] or found["conflicts_without_both_texts"] or found["jobs_left"]:
        print(f"The site stays for a look: {PLACE}", file=sys.stderr)
        return 1
    connections.close_all()
    shutil.rmtree(PLACE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
