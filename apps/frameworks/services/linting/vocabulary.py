"""Words that a descriptor must not use, each with its reason, and spellings."""

from __future__ import annotations

import re
from functools import cache

UNMEASURED = "two readers draw the line in two places; write a number, a share or a list"
NO_PERIOD = "it does not say how often; write `at least once a year` or a number of months"
UNNAMED = "it does not say who or what; name it"
A_JUDGEMENT = "it asks for an opinion; name the thing that would show it"

VAGUE: dict[str, str] = {
    **dict.fromkeys(
        (
            "adequate", "adequately", "sufficient", "sufficiently", "insufficient", "reasonable", "reasonably", "significant",
            "significantly", "substantial", "substantially", "some", "most", "mostly", "many", "few", "several", "various",
            "numerous", "largely", "partially", "partly", "generally", "typically", "usually", "mainly", "broad", "broadly",
            "extensive", "extensively", "limited", "minimal", "fully", "enough", "where possible", "as far as possible", "to some extent",
        ),
        UNMEASURED,
    ),
    **dict.fromkeys(
        (
            "regular", "regularly", "periodic", "periodically", "routinely", "frequent", "frequently", "often", "occasionally",
            "sometimes", "continual", "continually", "continuous", "continuously", "ongoing", "timely",
            "without delay", "promptly", "fast", "swiftly", "early", "quickly", "rapid", "rapidly", "recent",
            "recently", "soon", "from time to time", "in due course", "as needed", "when needed", "as required", "as necessary", "if necessary", "up to date", "up-to-date",
        ),
        NO_PERIOD,
    ),
    **dict.fromkeys(
        (
            "relevant", "key stakeholders", "stakeholder", "stakeholders", "appropriate parties", "and so on", "etc", "among others",
            "where applicable", "as applicable",
        ),
        UNNAMED,
    ),
    **dict.fromkeys(
        (
            "effective", "effectively", "efficient", "efficiently", "robust", "robustly", "appropriate", "appropriately", "proper",
            "properly", "suitable", "suitably", "comprehensive", "comprehensively", "mature", "strong", "weak", "good", "optimal",
            "optimised", "best practice", "best practices", "state of the art", "state-of-the-art", "world-class", "holistic",
            "proactive", "proactively", "meaningful", "productive", "well-defined", "clearly", "seamless", "seamlessly",
            "good faith effort", "high quality", "satisfactory", "fit for purpose",
        ),
        A_JUDGEMENT,
    ),
}  # fmt: skip

EMPTY_PASSIVES = (
    "ensured", "assured", "guaranteed", "encouraged", "promoted", "considered", "addressed", "supported", "facilitated",
    "fostered", "strengthened", "enhanced", "improved", "optimised", "leveraged",
)  # fmt: skip

AMERICAN: dict[str, str] = {
    "organization": "organisation", "organizations": "organisations", "organizational": "organisational",
    "organize": "organise", "organized": "organised", "program": "programme", "programs": "programmes", "defense": "defence",
    "license": "licence (the noun)", "offense": "offence", "offenses": "offences", "center": "centre", "centers": "centres",
    "behavior": "behaviour", "behaviors": "behaviours", "recognize": "recognise", "recognized": "recognised",
    "authorize": "authorise", "authorized": "authorised", "authorization": "authorisation", "prioritize": "prioritise",
    "prioritized": "prioritised", "minimize": "minimise", "analyze": "analyse", "analyzed": "analysed", "catalog": "catalogue",
    "labor": "labour", "favor": "favour", "honor": "honour", "color": "colour", "fulfill": "fulfil", "enrollment": "enrolment",
    "skillful": "skilful", "judgment": "judgement", "utilize": "use", "standardized": "standardised",
    "centralized": "centralised", "criticize": "criticise", "penalize": "penalise", "summarize": "summarise",
    "emphasize": "emphasise", "digitized": "digitised", "unauthorized": "unauthorised", "labeled": "labelled",
    "canceled": "cancelled", "traveled": "travelled", "modeling": "modelling", "check-up": "check",
}  # fmt: skip

COUNTED = {
    "good": ("in good faith", "good-faith", "a good", "goods"),
    "limited": ("limited in time", "limited to"),
    # What a computer runs is a program in British English too.
    "program": ("computer program",),
    "programs": ("computer program",),
}


def vague_words(text: str) -> list[tuple[str, str]]:
    """Return each vague word of `text` with the reason why it is one, in order of place."""
    return [
        (match.group().lower(), VAGUE[match.group().lower()])
        for match in _any_of(tuple(VAGUE)).finditer(text)
        if not _counted(match)
    ]


def american_spellings(text: str) -> list[tuple[str, str]]:
    """Return each American spelling of `text` with the British one."""
    return [
        (match.group(), AMERICAN[match.group().lower()])
        for match in _any_of(tuple(AMERICAN)).finditer(text)
        if not _counted(match)
    ]


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _counted(match: re.Match[str]) -> bool:
    """Whether the word stands in a phrase that does say a thing, such as `limited in time`."""
    if match.string[: match.start()].lower().endswith("how "):
        # `how many`, `how quickly` ask for a number.
        return True
    around = match.string[max(0, match.start() - 16) : match.end() + 12].lower()
    return any(phrase in around for phrase in COUNTED.get(match.group().lower(), ()))
