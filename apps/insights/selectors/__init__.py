"""What may be known of many members at once; the user comes first. Other apps use the names below."""

from __future__ import annotations

from apps.insights.selectors.region import AreaRow, HeatCell, MemberRow, Region, region

__all__ = ["AreaRow", "HeatCell", "MemberRow", "Region", "region"]
