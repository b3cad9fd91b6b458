"""Packages of other tools: take in, withdraw, play."""

from apps.courses.services.packages.keeping import bring_package, bring_version, withdraw_package
from apps.courses.services.packages.playing import Session, begin_session, save_session

__all__ = ["Session", "begin_session", "bring_package", "bring_version", "save_session", "withdraw_package"]
