"""What is made of many members at once and kept."""

from apps.insights.services.pictures import make_picture

__all__ = ["make_picture"]
