"""The words under an answer: why this level, and what the evidence is called."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from apps.home.services.answers import Answer
from apps.home.services.chance import Chance
from apps.home.services.content import Content, MemberPlan

BANDS = ("low", "low", "mid", "mid", "high", "high")
REMARK_CHANCE, CLOSING_CHANCE = 0.22, 0.18
SENTENCE_START = re.compile(r"(?:^|(?<=[.?!] ))[a-z]")


class Paper(NamedTuple):
    """What a piece of evidence is called, what it shows, who owns it and where it lies."""

    title: str
    shows: str
    owner: str
    place: str


class Writer:
    """Writes for one member in one round; every sentence comes from content/demo."""

    def __init__(self, content: Content, plan: MemberPlan, on: date, chance: Chance) -> None:
        self.content, self.plan, self.on, self.chance = content, plan, on, chance

    def why(self, code: str, answer: Answer) -> str:
        """The note for an indicator, as the respondent would have written it."""
        dice = self.chance.at("why", self.plan.slug, self.on, code)
        if answer.level is None:
            pool = self.content.phrases["not_applicable" if answer.reason else "unknown"]
            options = pool[answer.reason] if answer.reason else pool
            return self._filled(dice.choice(options), code)
        band = BANDS[answer.level]
        sentences = [dice.choice(self.content.notes[code][band])]
        own = self.plan.remarks.get(self.on.year, [])
        closing = self.content.phrases["closing"][code[:3]][band]
        if own and dice.random() < REMARK_CHANCE:
            sentences.append(dice.choice(own))
        elif dice.random() < CLOSING_CHANCE:
            sentences.append(dice.choice(closing))
        return self._filled(" ".join(sentences), code)

    def paper(self, area: str, code: str) -> Paper:
        """A piece of evidence for an indicator of `area`."""
        dice = self.chance.at("paper", self.plan.slug, self.on, code)
        words = self.content.evidence
        return Paper(
            title=self._filled(dice.choice(words["titles"][area]), code),
            shows=dice.choice(words["shows"]),
            owner=dice.choice(words["owners"]["national" if self.plan.is_nation else "organisational"]),
            place=dice.choice(words["places"]),
        )

    def _filled(self, text: str, code: str) -> str:
        """Put the member's own details into a sentence; the same details wherever one indicator is spoken of."""
        phrases = self.content.phrases
        kind = "national" if self.plan.is_nation else "organisational"
        own = phrases[kind]
        dice = self.chance.at("details", self.plan.slug, self.on, code)
        filled = text.format(
            leader=self.chance.pick(own["leader"], "leader", self.plan.slug),
            team=self.chance.pick(own["team"], "team", self.plan.slug),
            scope=self.chance.pick(own["scope"], "scope", self.plan.slug),
            unit=dice.choice(own["unit"]), month=dice.choice(phrases["months"]), year=self.on.year,
            last=self.on.year - 1, before=self.on.year - 2, few=dice.randint(2, 5), some=dice.randint(6, 14),
            many=dice.randint(15, 60), share=dice.choice((35, 40, 55, 60, 70)), most=dice.choice((85, 90, 92, 96)),
        )  # fmt: skip
        return SENTENCE_START.sub(lambda found: found[0].upper(), filled)
