"""One cast of people for all tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import User
from apps.members.models import Member, Programme
from tests.factories import (
    NationFactory,
    OrganisationFactory,
    ProgrammeFactory,
    UserFactory,
    join,
    manage,
    take_part,
)

# anonymous: not signed in. outsider: an account without any member. other_lead: lead of another member of the programme.
PEOPLE = ("anonymous", "outsider", "viewer", "respondent", "lead", "other_lead", "mentor", "manager", "staff")


@dataclass
class Cast:
    """`people[name]` for every name in PEOPLE but "anonymous"; `ids` holds URL keyword → value for the access matrix."""

    people: dict[str, User]
    nation: Member
    agency: Member
    other: Member
    mentor_partner: Member
    programme: Programme
    ids: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        if name in PEOPLE:
            return self.people[name]
        raise AttributeError(name)


def make_cast() -> Cast:
    """An agency with a lead, a respondent and a viewer; another agency; a mentor partner; a programme with a manager."""
    nation = NationFactory(name="Veldara")
    agency = OrganisationFactory(name="National CERT of Veldara", nation=nation)
    other = OrganisationFactory(name="Port Authority of Kestrin", nation=NationFactory(name="Kestrin"))
    partner = OrganisationFactory(
        name="Arvandel Cyber Centre", nation=NationFactory(name="Arvandel"), is_mentor=True
    )
    programme = ProgrammeFactory(name="Meridian programme")
    take_part(programme, nation, agency, other, partner)
    names = {
        "outsider": "Otto Quill", "viewer": "Vera Lind", "respondent": "Tomas Ekwe", "lead": "Leila Marwan",
        "other_lead": "Nadia Brandt", "mentor": "Sana Aldris", "manager": "Ines Okoro", "staff": "Ada Stone",
    }  # fmt: skip
    people = {
        key: UserFactory(email=f"{key}@example.org", full_name=name, is_staff=key == "staff")
        for key, name in names.items()
    }
    for key in ("viewer", "respondent", "lead"):
        join(agency, people[key], key)
    join(other, people["other_lead"], "lead")
    join(partner, people["mentor"], "mentor")
    manage(programme, people["manager"])
    ids = {"member": agency.public_id, "programme": programme.public_id}
    return Cast(people, nation, agency, other, partner, programme, ids)
