"""The demonstration region: load it, clear it, say whom a visitor can be."""

from apps.home.services.clearing import clear_demo
from apps.home.services.loading import LARGEST, SMALLEST, Loaded, NotReady, load_demo

__all__ = ["LARGEST", "SMALLEST", "Loaded", "NotReady", "clear_demo", "load_demo"]
