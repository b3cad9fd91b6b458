"""Publishing a draft: its number, what became of each indicator, and from then on nothing changes."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.decisions import require
from apps.core.errors import Conflict
from apps.frameworks.models import FrameworkVersion
from apps.frameworks.policies import may_edit_frameworks
from apps.frameworks.selectors.comparing import Change, indicators_of, proposed_changes
from apps.frameworks.services.checking import document_faults
from apps.frameworks.services.editing.edits import EditFaults
from apps.frameworks.services.editing.saving import lock_draft
from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.load import document_hash, publish, store

NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){1,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """What the author says became of indicators: codes of the version before, codes of this one."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    comparable: bool
    note: str = ""


@transaction.atomic
def publish_draft(
    *, actor: User, draft: FrameworkVersion, expected: int, number: str, said: Sequence[Said] = ()
) -> FrameworkVersion:
    """Publish a draft under `number`, with what the author `said` of every indicator that is not plainly the same.

    Raises `FrameworkFaults` for a document with faults, `EditFaults` for a number that is not higher than the last or
    a statement that leaves an indicator out (`said_0`, `said_1` …), `Conflict` when the draft changed meanwhile.
    """
    require(may_edit_frameworks(actor, draft.framework.programme))
    row = lock_draft(draft)
    if row.revision != expected:
        raise Conflict(_("Someone else saved this draft meanwhile. Load the page again and look first."))
    before = last_published(row)
    _check_number(row, number)
    document = copy.deepcopy(row.document) | {"version": number}
    document.pop("changes", None)
    if before is not None:
        document["changes"] = {
            "since": before.version,
            "indicators": stated_changes(before.document, document, said),
        }
    faults = document_faults(document)
    if faults:
        raise FrameworkFaults(faults)
    _publish(actor, row, document)
    return row


def last_published(version: FrameworkVersion) -> FrameworkVersion | None:
    """The newest published version of the same framework."""
    rows = FrameworkVersion.objects.filter(framework=version.framework_id).published()
    return rows.order_by("-published_at", "-pk").first()


def _publish(actor: User, row: FrameworkVersion, document: dict[str, Any]) -> None:
    row.version, row.updated_by = document["version"], actor
    row.revision += 1
    store(row, document, document_hash(document))
    publish(row)
    programme = row.framework.programme
    audit.record(
        actor=actor,
        action="framework.published",
        on=row,
        programme=programme.public_id if programme else None,
        framework=row.framework.slug,
        version=row.version,
        hash=row.document_hash,
        changes=len(document.get("changes", {}).get("indicators", [])) or None,
    )


def _check_number(row: FrameworkVersion, number: str) -> None:
    if not NUMBER.fullmatch(number):
        raise EditFaults({"number": [_("A version is two or three numbers with dots, such as 1.2.")]})
    others = FrameworkVersion.objects.filter(framework=row.framework_id).exclude(pk=row.pk)
    highest = max((_parts(version) for version in others.values_list("version", flat=True)), default=())
    if _parts(number) <= highest:
        raise EditFaults({"number": [_("The number has to be higher than that of the version before.")]})


def _parts(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def stated_changes(
    old: Mapping[str, Any], new: Mapping[str, Any], said: Sequence[Said]
) -> list[dict[str, Any]]:
    """The statement for the document. Every indicator that is not plainly the same has to be in one row of `said`."""
    fields: dict[str, list[str]] = {}
    known_old, known_new = indicators_of(old), indicators_of(new)
    times = Counter(("from", code) for row in said for code in row.before)
    times += Counter(("to", code) for row in said for code in row.after)
    for place, row in enumerate(said):
        faults = [
            _("%(code)s is not an indicator of the version before.") % {"code": code}
            for code in row.before
            if code not in known_old
        ]
        faults += [
            _("%(code)s is not an indicator of this version.") % {"code": code}
            for code in row.after
            if code not in known_new
        ]
        named = [("from", code) for code in row.before] + [("to", code) for code in row.after]
        faults += [
            _("%(code)s is named more than once.") % {"code": code}
            for side, code in named
            if times[side, code] > 1
        ]
        if len(row.before) > 1 and len(row.after) > 1:
            faults.append(_("Several became several: say it in two or more rows."))
        if faults:
            fields[f"said_{place}"] = list(dict.fromkeys(faults))
    if missing := _unsaid(old, new, set(times)):
        fields[""] = [_("Say what became of: %(codes)s.") % {"codes": ", ".join(missing)}]
    if fields:
        raise EditFaults(fields)
    plain = {row.before[0] for row in proposed_changes(old, new) if row.kind == "equal"}
    rows = [_change(row, plain) for row in said if row.before or row.after]
    return [row.as_document() for row in rows if row.kind != "equal"]


def _unsaid(old: Mapping[str, Any], new: Mapping[str, Any], named: set[tuple[str, str]]) -> list[str]:
    """Codes that are neither plainly the same nor named on their side."""
    found = []
    for row in proposed_changes(old, new):
        if row.kind != "equal":
            found += [code for code in row.before if ("from", code) not in named]
            found += [code for code in row.after if ("to", code) not in named]
    return list(dict.fromkeys(found))


def _change(row: Said, plain: set[str]) -> Change:
    """The kind follows from the numbers on either side."""
    if not row.before or not row.after:
        return Change("gone" if row.before else "new", row.before, row.after, False, row.note)
    if len(row.before) == len(row.after) == 1:
        same = row.before == row.after and row.before[0] in plain and row.comparable
        return Change("equal" if same else "changed", row.before, row.after, row.comparable, row.note)
    kind = "split" if len(row.before) == 1 else "merged"
    return Change(kind, row.before, row.after, row.comparable, row.note)
