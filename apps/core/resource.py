"""What every class of the API does alike, so that each resource is its rule, its shape and one call down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from urllib.parse import urlencode

from django import forms
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import saves
from apps.core.api_errors import both_texts
from apps.core.api_reading import Allowed, Query, read_if_match, read_key, read_query
from apps.core.errors import Conflict
from apps.core.shapes import Given, Shape

if TYPE_CHECKING:
    from apps.core.audit import Named

Act = Callable[[], Response]
Filled = TypeVar("Filled", bound=forms.Form)


class Resource(APIView):
    """Reads the query, the version and the key before anything else; answers with lists, versions and stored results.

    `kind` names the scopes of a token, `filters` the query parameters, `proven` the methods that need a fresh proof.
    A POST that stores nothing says `only_reads`; `matched` are the methods that change a version.
    """

    kind: ClassVar[str] = ""
    filters: ClassVar[Allowed] = {}
    paged: ClassVar[bool] = False
    proven: ClassVar[tuple[str, ...]] = ()
    matched: ClassVar[tuple[str, ...]] = ("PUT",)
    only_reads: ClassVar[bool] = False
    keyed: ClassVar[bool] = True

    expected: int
    key: str
    query: Query

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who, whether and how often; then what the request says about itself."""
        if not hasattr(self, str(request.method).lower()):
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        listing = self.paged and request.method in ("GET", "HEAD")
        filters = self.filters if request.method in ("GET", "HEAD") else {}
        self.query = read_query(request.query_params, filters, paged=listing)
        if request.method in self.matched:
            self.expected = read_if_match(request.headers.get("If-Match"))
        if request.method == "POST" and self.keyed and not self.only_reads:
            self.key = read_key(request.headers.get("Idempotency-Key"))

    @property
    def user(self) -> Any:
        """The person; `access_rule` has turned everybody else away."""
        return self.request.user

    def read(self, given: type[Given]) -> dict[str, Any]:
        """What was sent, in its shape. Raises `ValidationError` naming each field."""
        form = given(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def filled(self, form: type[Filled], given: type[Given], **known: Any) -> Filled:
        """The form that a page would show, filled in with what was sent. Raises `ValidationError` naming each field."""
        made = form(self.read(given), **known)
        self.good(made)
        return made

    @staticmethod
    def good(form: forms.Form) -> None:
        """Raise `ValidationError` naming each field that the form refuses."""
        if not form.is_valid():
            faults = {name: [str(fault) for fault in found] for name, found in form.errors.items()}
            raise ValidationError(
                {name.replace("__all__", "non_field_errors"): found for name, found in faults.items()}
            )

    def made(self, row: Any, form: Shape, path: str) -> Response:
        """Something new: 201 with its address below this one."""
        place = self.request.build_absolute_uri(f"{self.request.path}{path}")
        return Response(form(row).data, status=201, headers={"Location": place})

    def row(self, row: Any, form: Shape, *, version: int | None = None, status: int = 200) -> Response:
        """One thing, with its version as ETag where it has one."""
        headers = {} if version is None else {"ETag": f'"{version}"'}
        return Response(form(row).data, status=status, headers=headers)

    def rows(self, rows: Sequence[Any], form: Shape) -> Response:
        """One page of a list that a selector has given whole."""
        limit, offset = self.query.limit, self.query.offset
        return self.part(rows[offset : offset + limit], len(rows), form)

    def part(self, rows: Sequence[Any], count: int, form: Shape) -> Response:
        """One page of a list of `count` rows, of which a selector has given no more than this page."""
        limit, offset = self.query.limit, self.query.offset
        after, before = offset + limit, max(0, offset - limit)
        return Response(
            {
                "count": count,
                "next": self._page(after) if after < count else None,
                "previous": self._page(before) if offset else None,
                "results": form(rows, many=True).data,
            }
        )

    def _page(self, offset: int) -> str:
        parts = {**self.query.filters, "limit": self.query.limit, "offset": offset}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(parts)}")

    def once(self, act: Act) -> Response:
        """Do `act` in a transaction unless this person did it before with this key; give the same answer either way.

        For services that have no key of their own.
        """
        place = hashlib.sha256(self.request.path.encode()).hexdigest()[:40]
        actor = cast("Named", self.user)
        done = saves.once(
            owner=actor.public_id,
            scope=f"api:{place}",
            key=self.key,
            act=lambda: _kept(act()),
            content=self.request.data,
        )
        return Response(done["body"], status=done["status"], headers=done["headers"])

    def done(self, **facts: Any) -> Response:
        """What an act did, when there is no row to show."""
        return Response(facts)

    def both(self, fault: Conflict) -> dict[str, Any]:
        """Both texts of a conflict, for the problem that is answered."""
        return both_texts(fault)


def _kept(response: Response) -> dict[str, Any]:
    """An answer as it can be stored and given again."""
    body = json.loads(JSONRenderer().render(response.data) or b"null")
    headers = {name: response[name] for name in ("ETag", "Location") if name in response}
    return {"body": body, "status": response.status_code, "headers": headers}
