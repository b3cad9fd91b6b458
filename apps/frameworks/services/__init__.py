"""Writes of frameworks: loading a file."""

from apps.frameworks.services.faults import FrameworkFaults
from apps.frameworks.services.load import load_framework
from apps.frameworks.services.source import read_framework_file, read_framework_text
from apps.frameworks.services.wording import schema_sentence

__all__ = [
    "FrameworkFaults",
    "load_framework",
    "read_framework_file",
    "read_framework_text",
    "schema_sentence",
]
