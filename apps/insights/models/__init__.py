"""What was shown of many members, kept as it was shown."""

from __future__ import annotations

from apps.insights.models.benchmark import (
    BenchmarkClearing,
    BenchmarkConsent,
    BenchmarkPlace,
    BenchmarkRelease,
)
from apps.insights.models.pictures import NationalPicture

__all__ = ["BenchmarkClearing", "BenchmarkConsent", "BenchmarkPlace", "BenchmarkRelease", "NationalPicture"]
