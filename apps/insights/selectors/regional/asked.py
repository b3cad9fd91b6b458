"""What somebody asks of the region: filters and an order that the address keeps. What cannot be meant is named and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from apps.members.choices import MemberKind, Sector

ORDERS = ("name", "overall", "moved")
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """One select of the form: `options` are (value, words); the empty value is `everything`."""

    name: str
    label: str
    everything: str
    options: Options
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """A filter that is on, and the address without it."""

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class Asked:
    """`values` are the filters that are on. `order` is a column, from its other end when `descending`."""

    filters: tuple[Filter, ...]
    values: Mapping[str, str]
    order: str
    descending: bool
    ignored: tuple[str, ...]

    @property
    def query(self) -> str:
        """Filters and order, as an address keeps them."""
        return self._query(self.values, self.order, self.descending)

    @property
    def pills(self) -> list[Pill]:
        """The filters that are on, each with the address without it."""
        words = {one.name: dict(one.options) for one in self.filters}
        labels = {one.name: one.label for one in self.filters}
        return [
            Pill(
                _("%(filter)s: %(value)s") % {"filter": labels[name], "value": words[name][value]},
                self._query({k: v for k, v in self.values.items() if k != name}, self.order, self.descending),
            )
            for name, value in self.values.items()
        ]

    def ordered_by(self, order: str) -> str:
        """The address with this order; the other way round where it is the order already."""
        return self._query(self.values, order, order == self.order and not self.descending)

    def _query(self, values: Mapping[str, str], order: str, descending: bool) -> str:
        sort = ("-" if descending else "") + order
        return urlencode(values if sort == "name" else {**values, "sort": sort})


def read_asked(
    given: Mapping[str, str], *, dimensions: Options, rounds: Options, areas: Sequence[str]
) -> Asked:
    """Read a query string; names in `ignored` had a value that is none of theirs."""
    blank = _filters(dimensions, rounds)
    asked = {one.name: given.get(one.name, "") for one in blank}
    values = {one.name: asked[one.name] for one in blank if asked[one.name] in dict(one.options)}
    ignored = [one.label for one in blank if asked[one.name] and one.name not in values]
    sort = given.get("sort", "")
    order = sort.removeprefix("-") or "name"
    if order not in (*ORDERS, *areas):
        ignored.append(_("Order"))
        sort, order = "", "name"
    filters = [
        Filter(one.name, one.label, one.everything, one.options, values.get(one.name, "")) for one in blank
    ]
    return Asked(tuple(filters), values, order, sort.startswith("-"), tuple(ignored))


def _filters(dimensions: Options, rounds: Options) -> list[Filter]:
    """Every filter, none of them on."""
    rows: list[tuple[str, str, str, Options]] = [
        ("kind", _("Kind"), _("All kinds"), [(str(v), str(w)) for v, w in MemberKind.choices]),
        ("state", _("Result"), _("Any"), _states()),
        ("sector", _("Sector"), _("All sectors"), [(str(v), str(w)) for v, w in Sector.choices]),
        ("dimension", _("Areas"), _("All areas"), dimensions),
        ("round", _("Round"), _("Any round"), rounds),
        ("role", _("Role"), _("Everybody"), [("mentor", _("Mentor partners")), ("member", _("Not mentor partners"))]),
        ("engaged", _("Mentoring"), _("Any"), [("yes", _("In an engagement")), ("no", _("In no engagement"))]),
        ("moved", _("Since last time"), _("Any"), [("up", _("Rose")), ("down", _("Fell")), ("same", _("Stayed"))]),
    ]  # fmt: skip
    return [Filter(*row) for row in rows if row[3]]


def _states() -> Options:
    return [
        ("shared", _("Shares a result")),
        ("none", _("Shares, without a result")),
        ("hidden", _("Does not share")),
    ]
