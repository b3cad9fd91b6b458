"""The words that a report uses, each with its one meaning."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.reports.documents.parts import Word


def assessment_words(*, usual: bool) -> tuple[Word, ...]:
    """Words of an assessment report, in alphabetical order of the English terms.

    `usual` results are counted as the shared framework is: levels 0–5 in points.
    """
    return (
        Word(_("Area"), _("A part of a dimension that is worked on as one, with its own level.")),
        Word(_("Claimed"), _("What the respondent says is in place.")),
        Word(_("Coverage"), _("How many of the indicators that apply were answered.")),
        Word(_("Dimension"), _("One of the main parts of the framework; it holds areas.")),
        Word(_("Evidenced"), _("What the evidence supports: never higher than claimed.")),
        Word(
            _("Evidence grade"),
            _(
                "E0 statement only, E1 described, E2 attached and dated, E3 accepted by someone independent. "
                "They support levels up to 2, 3, 4 and 5. Evidence older than 24 months drops one grade."
            )
            if usual
            else _(
                "E0 statement only, E1 described, E2 attached and dated, E3 accepted by someone independent. "
                "Each supports levels up to a limit; E3 supports all. Evidence older than 24 months drops one grade."
            ),
        ),
        Word(
            _("Indicator"),
            _("One question with six written levels. Key indicators weigh double and limit the level.")
            if usual
            else _("One question, answered with a level of its scale."),
        ),
        Word(
            _("Level"),
            _("0 Absent, 1 Initial, 2 Developing, 3 Established, 4 Managed, 5 Adaptive.")
            if usual
            else _("A step of the scale that the framework gives an indicator, from 0 up."),
        ),
        Word(_("Not applicable"), _("The indicator does not apply, with a reason; it leaves the score.")),
        Word(
            _("Priority"),
            _("The order of work: distance to the target, weight and what it unlocks, for the effort."),
        ),
        Word(
            _("Provisional"),
            # xgettext:no-python-format
            _("Too few answers: below 90 % overall or 75 % in a dimension."),
        ),
        Word(_("Target"), _("The level that was chosen to be reached.")),
        Word(_("Unknown"), _("Asked, and nobody could say; it counts as level 0 and is listed to find out.")),
    )


def programme_words(*, usual: bool) -> tuple[Word, ...]:
    """Words of a programme overview; `usual` when its levels are those of the shared framework."""
    return (
        Word(_("Engagement"), _("The accepted work between two members.")),
        Word(
            _("Level"),
            _("0 Absent, 1 Initial, 2 Developing, 3 Established, 4 Managed, 5 Adaptive.")
            if usual
            else _("A step of the scale that the framework gives an indicator, from 0 up."),
        ),
        Word(_("Member"), _("A nation or an organisation that takes part.")),
        Word(
            _("Not shared"),
            _("The member keeps its levels to itself; nothing about them is shown or counted."),
        ),
        Word(_("Proposal"), _("One suggested pair of a member and a mentor partner.")),
        Word(_("Request"), _("Help that a member asks for in an area.")),
        Word(_("Round"), _("A time in which the members are asked to assess themselves.")),
    )
