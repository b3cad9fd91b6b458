"""What was found in a package and what it reports, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Values = dict[str, Any]
STATUS = {
    "passed": gettext_lazy("passed"), "failed": gettext_lazy("failed"), "completed": gettext_lazy("completed"),
    "incomplete": gettext_lazy("begun"), "browsed": gettext_lazy("looked at"), "not attempted": gettext_lazy("not begun"),
}  # fmt: skip


def status_word(status: str) -> str:
    """The status that a package reports, in one word; empty for none."""
    return str(STATUS.get(status, ""))


def note_sentences(notes: Iterable[tuple[str, Values]]) -> tuple[str, ...]:
    """A sentence for each note of the manifest."""
    return tuple(SENTENCES[what](values) for what, values in notes if what in SENTENCES)


def _wrapped(values: Values) -> str:
    return _("Everything lies in one folder, “%(folder)s”; it was taken as the top.") % values


def _recoded(values: Values) -> str:
    return _("The manifest says that it is written in %(encoding)s; it was read so.") % values


def _organizations(values: Values) -> str:
    return ngettext(
        "%(count)s other way to arrange its parts was left out; the default one is used.",
        "%(count)s other ways to arrange its parts were left out; the default one is used.",
        values["count"],
    ) % values  # fmt: skip


def _missing(values: Values) -> str:
    names = {"count": values["count"], "names": ", ".join(values["names"])}
    return ngettext(
        "%(count)s file that the manifest names is not there: %(names)s.",
        "%(count)s files that the manifest names are not there, such as %(names)s.",
        values["count"],
    ) % names  # fmt: skip


def _branching(values: Values) -> str:
    return ngettext(
        "Branching rules in this package are not applied: there is %(count)s.",
        "Branching rules in this package are not applied: there are %(count)s.",
        values["count"],
    ) % values  # fmt: skip


def _rollup(values: Values) -> str:
    return ngettext(
        "%(count)s rule that sums parts up is not applied; each part reports for itself.",
        "%(count)s rules that sum parts up are not applied; each part reports for itself.",
        values["count"],
    ) % values  # fmt: skip


def _prerequisites(values: Values) -> str:
    return ngettext(
        "%(count)s part names what should come before it; that is shown, not enforced.",
        "%(count)s parts name what should come before them; that is shown, not enforced.",
        values["count"],
    ) % values  # fmt: skip


def _time(values: Values) -> str:
    return ngettext(
        "%(count)s part has a time limit; the package is told, nobody is stopped.",
        "%(count)s parts have a time limit; the package is told, nobody is stopped.",
        values["count"],
    ) % values  # fmt: skip


SENTENCES: dict[str, Callable[[Values], str]] = {
    "wrapped": _wrapped,
    "recoded": _recoded,
    "organizations": _organizations,
    "missing": _missing,
    "branching": _branching,
    "rollup": _rollup,
    "prerequisites": _prerequisites,
    "time": _time,
    "flat": lambda values: _("The manifest arranges nothing; its parts stand in one list."),
    "objectives": lambda values: _("Objectives that parts share are not passed on from one to the other."),
    "limits": lambda values: _("Limits on attempts and durations are not applied."),
    "elsewhere": lambda values: _("“%(title)s” lies on another site and is not played.") % values,
    "no_file": lambda values: _("“%(title)s” names a file that is not there; it is a heading here.") % values,
    "no_page": lambda values: (
        _("“%(title)s” begins with %(file)s, which is no page; it is a heading here.") % values
    ),
    "other_case": lambda values: (
        _("%(file)s was found though its name is written with other capitals.") % values
    ),
}
