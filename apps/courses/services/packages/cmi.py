"""What a package reports about a learner: checked again here by the same table of elements that the player uses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.courses.choices import PackageKind

LARGEST = 262_144
MOST_ELEMENTS = 5_000
MOST_IN_LIST = 1_000
INDEX = re.compile(r"\.(0|[1-9]\d{0,4})(?=\.|$)")
SPAN = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})")
DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
YEAR, MONTH, DAY = 365 * 86_400, 30 * 86_400, 86_400
MOST_SECONDS = 10 * YEAR


@lru_cache
def model() -> dict[str, Any]:
    """The table of elements, as the player has it."""
    path = settings.BASE_DIR / "static" / "packages" / "model.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def read_cmi(kind: str, text: str) -> dict[str, str]:
    """The elements in a save, element → text. Raises `Refused` for anything that a player would not have let in."""
    if len(text) > LARGEST:
        raise Refused(_("The package reports more than can be kept."))
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(_("This save cannot be read.")) from None
    if not isinstance(sent, dict) or len(sent) > MOST_ELEMENTS:
        raise Refused(_("This save cannot be read."))
    return {key: _value(kind, key, value) for key, value in sent.items()}


def _value(kind: str, element: str, value: Any) -> str:
    rule = model()[kind]["elements"].get(INDEX.sub(".n", element), "r")
    access, _space, type_name = rule.partition(" ")
    if (
        access == "r"
        or not isinstance(value, str)
        or any(int(n) >= MOST_IN_LIST for n in INDEX.findall(element))
    ):
        raise Refused(_("The package may not report %(element)s.") % {"element": element[:80]})
    if not _fits(model()["types"][type_name], value, element):
        raise Refused(
            _("The package reports a value for %(element)s that it cannot have.") % {"element": element[:80]}
        )
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def _fits(rule: Mapping[str, Any], value: str, element: str) -> bool:
    """Comments grow by appending: they may be longer than one of them."""
    most = rule.get("most")
    if most is not None and len(value) > (LARGEST if element == "cmi.comments" else most):
        return False
    if "re" in rule and not re.search(rule["re"], value, re.ASCII):
        return False
    if not value or not {"low", "high"} & set(rule):
        return True
    return bool(rule.get("low", -1e18) <= float(value) <= rule.get("high", 1e18))


@dataclass(frozen=True, slots=True)
class Report:
    """What the package says of the learner, in the words of neither standard: `status` as said, `score` as said."""

    status: str
    score: str
    of: str
    completed: bool


def report_of(kind: str, cmi: Mapping[str, str]) -> Report:
    """The status and the score in a save; both are claims of the package."""
    if kind == PackageKind.SCORM_12:
        status = cmi.get("cmi.core.lesson_status", "")
        scored, most = cmi.get("cmi.core.score.raw", ""), cmi.get("cmi.core.score.max", "")
        return Report(status, scored, most, status in ("completed", "passed"))
    success, completion = cmi.get("cmi.success_status", ""), cmi.get("cmi.completion_status", "")
    status = success if success in ("passed", "failed") else completion if completion != "unknown" else ""
    score, of = cmi.get("cmi.score.raw", ""), cmi.get("cmi.score.max", "")
    if not score and cmi.get("cmi.score.scaled"):
        score, of = f"{100 * float(cmi['cmi.score.scaled']):.0f}", "100"
    return Report(status, score, of, completion == "completed" or success == "passed")


def is_suspended(kind: str, cmi: Mapping[str, str]) -> bool:
    """Whether the last session asked to be resumed."""
    return cmi.get("cmi.core.exit" if kind == PackageKind.SCORM_12 else "cmi.exit", "") == "suspend"


def session_seconds(kind: str, cmi: Mapping[str, str]) -> int:
    """The length of the last session as the package reports it, in seconds; at most ten years."""
    if kind == PackageKind.SCORM_12:
        found = SPAN.match(cmi.get("cmi.core.session_time", ""))
        hours, minutes, seconds = (int(text) for text in found.groups()) if found else (0, 0, 0)
        return hours * 3600 + minutes * 60 + seconds
    found = DURATION.fullmatch(cmi.get("cmi.session_time", ""))
    worth = (YEAR, MONTH, DAY, 3600, 60, 1)
    numbers = [int(text or 0) for text in found.groups()] if found else [0] * 6
    return min(MOST_SECONDS, sum(number * unit for number, unit in zip(numbers, worth, strict=True)))


def total_time(kind: str, seconds: int) -> str:
    """`seconds` as the standard writes a span of time."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if kind == PackageKind.SCORM_12:
        return f"{min(hours, 9999):04d}:{minutes:02d}:{seconds % 60:02d}"
    return f"PT{hours}H{minutes}M{seconds % 60}S"


def between_sessions(kind: str, cmi: Mapping[str, str]) -> dict[str, str]:
    """What a new session starts with: everything but what was said of the last session itself."""
    return {key: value for key, value in cmi.items() if key not in model()[kind]["session"]}
