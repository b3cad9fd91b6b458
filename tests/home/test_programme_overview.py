"""The overview of a programme's office: each figure leads to the list behind it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.insights.test_regional import small_region
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_each_figure_opens_the_list_behind_it(cast: Cast, client: Client) -> None:
    found = small_region(cast)
    client.force_login(cast.manager)
    page = unescape(client.get(f"/p/{cast.programme.public_id}/").content.decode())
    figures = re.findall(r"<dd>(.*?)</dd>", page, re.S)
    assert len(figures) == 4
    for figure in figures:
        address = re.search(r'href="([^"#]+)', figure)
        assert address and client.get(address[1]).status_code == 200, figure
    weakest = re.search(r'href="([^"]+/region/areas/GOV\.1/)"', page)
    assert weakest and found[0].name in client.get(weakest[1]).content.decode()
    for way, member, other in (("up", 0, 4), ("down", 4, 0)):
        address = re.search(rf'href="([^"#]+\?moved={way})#h-heat"', page)
        assert address
        table = re.search(r'<table class="heat.*?</table>', client.get(address[1]).content.decode(), re.S)
        assert table and found[member].name in table[0] and found[other].name not in table[0]
