"""The demonstration region: load it, clear it, say whom a visitor can be."""

from apps.home.services.clearing import clear_demo
from apps.home.services.loading import LARGEST, SMALLEST, Loaded, NotReady, load_demo
from apps.home.services.papers import ask_for_reports

__all__ = ["LARGEST", "SMALLEST", "Loaded", "NotReady", "ask_for_reports", "clear_demo", "load_demo"]
