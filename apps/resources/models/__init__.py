"""The library of resources, what members bring to it, and what they say about it."""

from apps.resources.models.contributions import Contribution
from apps.resources.models.library import Resource
from apps.resources.models.uses import ResourceReport, ResourceUse

__all__ = ["Contribution", "Resource", "ResourceReport", "ResourceUse"]
