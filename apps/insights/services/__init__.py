"""What is made of many members at once and kept."""

from apps.insights.services.benchmark import (
    approve_organisation,
    clear_release,
    end_approval,
    make_demo_release,
    make_release,
    set_benchmark_consent,
)
from apps.insights.services.pictures import make_picture

__all__ = [
    "approve_organisation",
    "clear_release",
    "end_approval",
    "make_demo_release",
    "make_picture",
    "make_release",
    "set_benchmark_consent",
]
