"""Loading the demonstration: small, again, from another seed, and clearing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Notification, User
from apps.assessments.models import Result
from apps.core.models import AuditEntry
from apps.courses.models import Certificate, Cohort
from apps.courses.selectors.integrity import flags_page
from apps.courses.selectors.working import work_page
from apps.courses.services import load_course
from apps.frameworks.services import load_framework
from apps.home.services import SMALLEST, load_demo
from apps.members.models import Member, Programme
from apps.mentoring.models import Proposal, Session
from tests.factories import NationFactory, OrganisationFactory, ProgrammeFactory, UserFactory, join

pytestmark = pytest.mark.django_db
CONTENT = Path(__file__).resolve().parents[2] / "content"


def load_content() -> None:
    """What the demonstration rests on."""
    load_framework(actor=None, path=CONTENT / "framework" / "shared.yaml")
    load_course(actor=None, folder=CONTENT / "courses" / "c1-cyber-hygiene")


def fingerprint() -> dict[str, Any]:
    """What must be the same on every machine: addresses and figures."""
    return {
        "members": sorted(Member.objects.filter(is_demo=True).values_list("public_id", "name")),
        "people": sorted(User.objects.values_list("public_id", "full_name")),
        "results": sorted(
            (r.public_id, r.input_hash, r.document["evidenced"]["overall"]["value"]["exact"])
            for r in Result.objects.all()
        ),
        "proposals": sorted(Proposal.objects.values_list("public_id", "score")),
        "sessions": sorted(Session.objects.values_list("public_id", flat=True)),
        "certificates": sorted(Certificate.objects.values_list("public_id", "code", "holder")),
        "notifications": sorted(Notification.objects.values_list("public_id", "url")),
    }


def test_demo_says_what_must_be_loaded_first() -> None:
    with pytest.raises(CommandError, match="load_framework"):
        call_command("demo")
    load_framework(actor=None, path=CONTENT / "framework" / "shared.yaml")
    with pytest.raises(CommandError, match="load_course"):
        call_command("demo")
    assert not Member.objects.exists()


def test_reset_gives_the_same_region_and_leaves_the_rest_alone() -> None:
    load_content()
    loaded = load_demo(seed=7, members=SMALLEST)
    assert (loaded.nations, loaded.organisations) == (12, SMALLEST - 12)
    first = fingerprint()
    person = UserFactory(email="someone@real.test")
    ours = OrganisationFactory(name="Real Agency", nation=NationFactory(name="Real Nation"))
    join(ours, person, "lead")
    ProgrammeFactory(name="Real programme")
    audit_rows = AuditEntry.objects.count()
    again = load_demo(seed=7, members=SMALLEST, reset=True)
    assert again.removed > 1000
    assert Member.objects.filter(is_demo=False).count() == 2
    assert Programme.objects.filter(is_demo=False).count() == 1
    assert ours.memberships.get().user == person
    assert AuditEntry.objects.count() > audit_rows
    person.delete()
    assert fingerprint() == first


def test_another_seed_gives_other_figures() -> None:
    load_content()
    load_demo(seed=1, members=SMALLEST)
    first = fingerprint()
    load_demo(seed=2, members=SMALLEST, reset=True)
    assert {row[0] for row in fingerprint()["results"]}.isdisjoint(row[0] for row in first["results"])


def test_demo_shows_an_open_flag_and_one_that_was_decided() -> None:
    load_content()
    load_demo(seed=3, members=SMALLEST)
    trainer = User.objects.get(cohort_places__role="trainer")
    page = flags_page(trainer, Cohort.objects.get())
    assert (len(page.open), [row.decision for row in page.decided]) == (1, ["talked"])
    (shown,) = [row for row in work_page(trainer, Cohort.objects.get()).rows if row.shown]
    assert shown.shown.file.can_be_opened and not shown.was_good
