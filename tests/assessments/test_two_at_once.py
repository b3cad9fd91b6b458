"""Four hundred saves of one answer by two people at the same time: each text is an answer, or in a conflict that shows both."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.assessments import services
from apps.assessments.models import Assessment, Draft, Response
from apps.assessments.selectors.compare import compare_page
from apps.assessments.selectors.places import place_to_answer
from apps.core.errors import Conflict
from apps.core.models import AuditEntry
from tests.assessments.flow import begin
from tests.people import make_cast
from tests.together import at_once

SAVES = 200  # of each of the two


@dataclass
class Writer:
    """One of the two, with what the site said to each of their texts."""

    user: User
    where: tuple[str, str, str, str]
    first: int
    together: threading.Barrier
    version: int = 0
    saved: dict[int, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def write(self) -> None:
        """Save again and again over the version that the page showed last, each time at the moment of the other."""
        place = place_to_answer(self.user, *self.where)
        for n in range(SAVES):
            text = f"{self.user.get_short_name()}-{n}"
            given = services.AnswerInput(str(n % 5), "", text)
            self.together.wait(timeout=60)
            time.sleep(0.002 * (n % 2 == self.first))  # now the one, now the other is a hair ahead
            try:
                done = services.save_answer(
                    actor=self.user, place=place, answer=given, expected=self.version, idempotency=text
                )
            except Conflict:
                self.look(text)
            else:
                self.version = done.version
                self.saved[done.version] = text

    def look(self, text: str) -> None:
        """The page of two answers, as it is shown after a conflict."""
        page = compare_page(self.user, *self.where)
        assert page.mine and page.theirs
        assert "".join(run.text for run in page.mine.why) == text
        theirs = "".join(run.text for run in page.theirs.why)
        assert theirs and theirs != text
        self.shown[text] = theirs
        self.version = page.version


def on_disk(folder: Path) -> Path | None:
    """SQLite's test database lives in memory, where nobody waits for a lock: a copy in a file is what a site has."""
    if connection.vendor != "sqlite":
        return None
    target = sqlite3.connect(folder / "site.sqlite3")
    connection.connection.backup(target)
    target.close()
    return folder / "site.sqlite3"


def check(row: Assessment, writers: list[Writer]) -> None:
    """What people find afterwards: every saved text under its version, every other in a conflict, the record whole."""
    response = Response.objects.get(assessment=row)
    history = dict(response.revisions.values_list("version", "why"))
    first, second = writers
    assert not first.saved.keys() & second.saved.keys()
    assert history == first.saved | second.saved
    assert response.why == history[response.version] and response.version == len(history)
    for writer, other in ((first, second), (second, first)):
        assert len(writer.saved) + len(writer.shown) == SAVES
        assert set(writer.shown.values()) <= set(other.saved.values())
        kept = Draft.objects.filter(user=writer.user).values_list("content", flat=True)
        assert {draft["why"] for draft in kept} <= writer.shown.keys()
    assert len(history) == len(first.shown) + len(second.shown) == SAVES
    assert AuditEntry.objects.filter(action="answer.saved").count() == len(history)


@pytest.mark.django_db(transaction=True)
def test_of_four_hundred_saves_by_two_people_none_is_lost_silently(tmp_path: Path) -> None:
    cast = make_cast()
    row = begin(cast.lead, cast.agency)
    where = (cast.agency.public_id, row.public_id, "GOV.1", "GOV.1.2")
    together = threading.Barrier(2)
    writers = [Writer(user, where, n, together) for n, user in enumerate((cast.lead, cast.respondent))]
    database = on_disk(tmp_path)
    assert at_once(*[writer.write for writer in writers], database=database) == []
    assert at_once(lambda: check(row, writers), database=database) == []
