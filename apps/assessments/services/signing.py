"""What the lead signs: a statement that names the hash of every part of the result."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from apps.accounts.models import User
from apps.assessments.models import Assessment, EvidenceLink, Response, Result
from apps.core.seals import content_hash

STATEMENT = "belay-statement"


def sign_result(*, actor: User, result: Result) -> str:
    """Freeze the answers with their reasons and what supports them, write the statement that `actor` signs, and return its hash."""
    result.evidence = _evidence_list(result.assessment)
    result.given = _given(result.assessment)
    result.statement = _statement_of(actor, result)
    result.save(update_fields=["evidence", "given", "statement"])
    return content_hash(result.statement)


def _given(assessment: Assessment) -> list[dict[str, Any]]:
    """Every answer as it was given, also those that do not count, in the order of the framework."""
    rows = Response.objects.filter(assessment=assessment).select_related("indicator")
    place = ("area__dimension__position", "area__position", "area", "position", "pk")
    return [
        {
            "indicator": row.indicator.code,
            "kind": row.kind,
            "level": row.level,
            "reason": row.reason,
            "why": row.why,
            "agreed": row.agreed_at is not None,
        }
        for row in rows.order_by(*(f"indicator__{name}" for name in place))
    ]


def _evidence_list(assessment: Assessment) -> list[dict[str, Any]]:
    """Every piece that supports the assessment, as plain data in a fixed order; files by the hash of their content."""
    rows = EvidenceLink.objects.filter(evidence__assessment=assessment, evidence__removed_at__isnull=True)
    rows = rows.select_related("evidence", "indicator").order_by(
        "evidence__added_at", "evidence_id", "indicator__code"
    )
    pieces: dict[int, dict[str, Any]] = {}
    for row in rows:
        piece = pieces.setdefault(row.evidence_id, _piece(row))
        piece["supports"].append(
            {"indicator": row.indicator.code, "accepted": row.accepted_by_id is not None}
        )
    return list(pieces.values())


def _piece(row: EvidenceLink) -> dict[str, Any]:
    item = row.evidence
    return {
        "id": item.public_id,
        "kind": item.kind,
        "title": item.title,
        "shows": item.shows,
        "owner": item.owner,
        "place": item.place,
        "address": item.url,
        "dated": item.dated.isoformat() if item.dated else None,
        "expires": item.expires_on.isoformat() if item.expires_on else None,
        "sha256": item.sha256,
        "supports": [],
    }


def _statement_of(actor: User, result: Result) -> dict[str, Any]:
    """The statement that `actor` signs by submitting: who, what, when, on which framework, with which hashes."""
    assessment, member = result.assessment, result.member
    version = assessment.version_of
    return {
        "kind": STATEMENT,
        "id": result.public_id,
        "issuer": settings.SITE_URL,
        "member": {"id": member.public_id, "name": member.name, "kind": member.kind},
        "assessment": {"id": assessment.public_id, "title": assessment.title, "scope": assessment.scope},
        "framework": {
            "id": version.framework.slug,
            "version": version.version,
            "hash": version.document_hash,
        },
        "method": {"name": result.method, "version": result.method_version},
        "input_hash": result.input_hash,
        "hashes": {
            "answers": content_hash(result.inputs),
            "evidence": content_hash(result.evidence),
            "given": content_hash(result.given),
            "result": content_hash(result.document),
        },
        "signed": {
            "at": result.computed_at.isoformat(),
            "by": actor.public_id,
            "name": actor.get_full_name(),
        },
    }
