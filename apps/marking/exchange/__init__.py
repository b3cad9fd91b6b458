"""Questions in the formats of other systems: read with a report of every line, and written."""

from apps.marking.exchange.aiken import read_aiken, write_aiken
from apps.marking.exchange.gift import read_gift, write_gift
from apps.marking.exchange.moodle_xml import read_moodle_xml, write_moodle_xml
from apps.marking.exchange.report import Decision, Draft, Line, NotReadable, Reading, drafts_of, rows_of

__all__ = [
    "Decision", "Draft", "Line", "NotReadable", "Reading", "drafts_of", "read_aiken", "read_gift", "read_moodle_xml", "rows_of",
    "write_aiken", "write_gift", "write_moodle_xml",
]  # fmt: skip
