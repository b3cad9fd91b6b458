"""Addresses of frameworks: the browser that anybody may use."""

from django.urls import URLPattern, include, path

from apps.frameworks.views import browse

app_name = "frameworks"


def pages(prefix: str = "") -> list[URLPattern]:
    """The pages of one version: of the shared framework's newest under short addresses, of any under its own."""
    return [
        path("", browse.browse, name=f"{prefix}browse"),
        path("area/<code:area>/", browse.area, name=f"{prefix}area"),
        path("indicator/<code:indicator>/", browse.indicator, name=f"{prefix}indicator"),
        path("search/", browse.search, name=f"{prefix}search"),
        path("words/", browse.terms, name=f"{prefix}terms"),
        path("targets/", browse.profiles, name=f"{prefix}profiles"),
        path("related/", browse.crosswalks, name=f"{prefix}crosswalks"),
        path("related/<str:system>/", browse.crosswalk, name=f"{prefix}crosswalk"),
        path("print/", browse.whole, name=f"{prefix}print"),
    ]


urlpatterns = [
    path("frameworks/", browse.shelf, name="list"),
    path("framework/<slug:framework>/<edition:version>/", include(pages("edition_"))),
    path("framework/", include(pages())),
]
