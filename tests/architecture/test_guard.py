"""The lock against queries in templates really locks."""

import pytest
from django.template import engines

from apps.members.models import Membership
from tests.factories import OrganisationFactory, UserFactory, join


@pytest.mark.django_db
def test_lazy_queryset_in_template_blows_up() -> None:
    join(OrganisationFactory(), UserFactory(), "lead")
    page = engines["django"].from_string("{% for m in rows %}{{ m.member.name }}{% endfor %}")
    with pytest.raises(AssertionError):
        page.render({"rows": Membership.objects.all()})
    page.render({"rows": list(Membership.objects.select_related("member"))})
    with pytest.raises(AssertionError):
        page.render({"rows": list(Membership.objects.all())})
