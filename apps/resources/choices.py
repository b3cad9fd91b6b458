"""Choices of resources."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    GUIDE = "guide", _("Guide")
    TEMPLATE = "template", _("Template")
    TOOL = "tool", _("Tool")
    FUND = "fund", _("Fund")
    EXPERT = "expert", _("Expert")


class Audience(models.TextChoices):
    """Labels of TLP 2.0 that an entry of the library can carry, in words for whom; see `policies.visible_to`."""

    CLEAR = "TLP:CLEAR", _("Everybody (TLP:CLEAR)")
    GREEN = "TLP:GREEN", _("Members of the programme (TLP:GREEN)")
    AMBER = "TLP:AMBER", _("Our organisation only (TLP:AMBER)")


class ContributionState(models.TextChoices):
    WAITING = "waiting", _("Waits for the office")
    ASKED = "asked", _("Sent back with a question")
    ACCEPTED = "accepted", _("In the library")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class ReportKind(models.TextChoices):
    DEAD = "dead", _("The address does not answer")
    OUTDATED = "outdated", _("It is out of date")
    WRONG = "wrong", _("What is said about it is not right")
    HARMFUL = "harmful", _("It could do harm")


class LinkFault(models.TextChoices):
    """What came of asking an address; empty when it answered."""

    GONE = "gone", _("the page is gone")
    BROKEN = "broken", _("the other site has an error")
    SILENT = "silent", _("nobody answered")
    UNSAFE = "unsafe", _("it leads to a place that is not asked")


class Stars(models.IntegerChoices):
    ONE = 1, _("1: of no use to us")
    TWO = 2, _("2: of little use")
    THREE = 3, _("3: useful")
    FOUR = 4, _("4: very useful")
    FIVE = 5, _("5: we could not have done it without")


# Each language by its own name, as far as the library is likely to hold it.
LANGUAGES = {
    "en": "English", "fr": "Français", "ar": "العربية", "es": "Español", "pt": "Português", "ru": "Русский",
    "zh": "中文", "sw": "Kiswahili", "hi": "हिन्दी", "de": "Deutsch", "it": "Italiano", "tr": "Türkçe", "fa": "فارسی",
    "ur": "اردو", "bn": "বাংলা", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "vi": "Tiếng Việt", "th": "ไทย",
    "ja": "日本語", "ko": "한국어", "uk": "Українська", "pl": "Polski", "ro": "Română", "nl": "Nederlands", "el": "Ελληνικά",
    "am": "አማርኛ", "so": "Soomaali", "ha": "Hausa", "mn": "Монгол", "kk": "Қазақша", "uz": "Oʻzbekcha",
}  # fmt: skip


def language_name(code: str) -> str:
    """The language by its own name; the code where it has none here."""
    return LANGUAGES.get(code) or LANGUAGES.get(code.partition("-")[0], code)
