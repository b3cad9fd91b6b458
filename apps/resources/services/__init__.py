"""Writes of the library: loading, proposing and deciding, using and reporting, keeping, checking addresses."""

from apps.resources.services.contributions import (
    change_contribution,
    send_contribution,
    withdraw_contribution,
)
from apps.resources.services.curation import (
    accept_contribution,
    answer_contribution,
    keep_resource,
    mend_resource,
    restore_resource,
    retire_resource,
)
from apps.resources.services.links import check_link, plan_checks
from apps.resources.services.loading import Loaded, ResourceFaults, load_resources
from apps.resources.services.uses import report_resource, save_use, take_back_use

__all__ = [
    "Loaded",
    "ResourceFaults",
    "accept_contribution",
    "answer_contribution",
    "change_contribution",
    "check_link",
    "keep_resource",
    "load_resources",
    "mend_resource",
    "plan_checks",
    "report_resource",
    "restore_resource",
    "retire_resource",
    "save_use",
    "send_contribution",
    "take_back_use",
    "withdraw_contribution",
]
