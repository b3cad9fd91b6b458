"""The OpenAPI description: headers, filters and problems that hold for every class are said once, here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from apps.core.api import scope_of
from apps.core.problems import MEDIA_TYPE, problem
from apps.core.shapes import Shape

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), with a code for programs and a sentence for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence in the language that was asked for."},
        "code": {"type": "string", "description": "Does not change with the language."},
        "request_id": {"type": "string"},
        "field": {"type": "string", "description": "The field that is to blame."},
        "errors": {"type": "array", "items": {"type": "object"}},
        "codes": {"type": "array", "items": {"type": "string"}, "description": "The questions it is about."},
        "current": {"description": "What is stored, after a conflict."},
        "proposed": {"description": "What was sent, after a conflict."},
    },
}


def speaks(
    gives: Shape | Any = None, *, takes: Any = None, status: int = 200, example: Any = None, sent: Any = None
) -> Callable[[Any], Any]:
    """Describe a method: the shapes that it takes and gives, with an example of each."""
    examples = []
    if example is not None:
        examples.append(
            OpenApiExample("Answer", value=example, response_only=True, status_codes=[str(status)])
        )
    if sent is not None:
        examples.append(OpenApiExample("Request", value=sent, request_only=True))
    given = OpenApiResponse(response=gives, description="" if gives else "Done.")
    return extend_schema(request=takes, responses={status: given}, examples=examples)


class Schema(AutoSchema):
    """Adds to each operation the headers that it needs, and the query parameters that its class allows."""

    def get_override_parameters(self) -> list[Any]:
        """Filters and page of a list, If-Match, Idempotency-Key."""
        found: list[Any] = list(super().get_override_parameters())
        if self.method == "GET":
            filters = getattr(self.view, "filters", {})
            found += [OpenApiParameter(name, str, enum=choices or None) for name, choices in filters.items()]
            if getattr(self.view, "paged", False):
                found += [OpenApiParameter("limit", int), OpenApiParameter("offset", int)]
        if self.method in getattr(self.view, "matched", ()):
            found.append(_header("If-Match", "The version that is changed, as it stood in ETag."))
        if (
            self.method == "POST"
            and getattr(self.view, "keyed", False)
            and not getattr(self.view, "only_reads", False)
        ):
            found.append(
                _header("Idempotency-Key", "8 to 64 printable characters; a repeated request has one effect.")
            )
        return found

    def get_operation_id(self) -> str:
        """The name of the class with the method, since addresses of lists and rows differ by one part only."""
        return f"{self.method.lower()}{type(self.view).__name__}"

    def get_description(self) -> str:  # type: ignore[override]
        """The words of the class and its method, and the scope that a token needs."""
        said, scope = super().get_description() or "", scope_of(self.view, self.method)
        if self.method in getattr(self.view, "proven", ()):
            return (
                f"{said}\n\nNeeds the scopes `{scope}` and `sign`, of a token made in the last five minutes."
            )
        return f"{said}\n\nNeeds the scope `{scope}`." if scope else said

    def get_filter_backends(self) -> list[Any]:
        """None: filters are named by the class."""
        return []


def _header(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True, description=words)


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of every operation what its errors look like."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    example = problem(
        412, "A colleague saved a different answer first.", current={"why": "…"}, proposed={"why": "…"}
    )
    example["request_id"] = "7d2f0c52-0b6c-4a54-8d0e-6f1f6e0d9a11"
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "What went wrong.", "content": content}
    return result
