"""Every change of members, teams, programmes and grants."""

from apps.members.services.grants import (
    certify_reviewer,
    give_grant,
    narrow_grant,
    record_reading,
    withdraw_certification,
    withdraw_grant,
)
from apps.members.services.heads import send_heads
from apps.members.services.people import (
    accept_invitation,
    change_role,
    designate_operators,
    export_record,
    found_member,
    invite_person,
    join_programme,
    leave_programme,
    remove_person,
    set_in_picture,
    withdraw_invitation,
)

__all__ = [
    "accept_invitation",
    "certify_reviewer",
    "change_role",
    "designate_operators",
    "export_record",
    "found_member",
    "give_grant",
    "invite_person",
    "join_programme",
    "leave_programme",
    "narrow_grant",
    "record_reading",
    "remove_person",
    "send_heads",
    "set_in_picture",
    "withdraw_certification",
    "withdraw_grant",
    "withdraw_invitation",
]
