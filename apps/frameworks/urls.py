"""Addresses of frameworks: the browser that anybody may use."""

from django.urls import URLPattern, include, path

from apps.frameworks.views import browse, editing, exporting, importing, publishing

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


of_draft: list[URLPattern] = [
    path("", editing.draft, name="edit_draft"),
    path("about/", editing.about, name="edit_about"),
    path("method/", editing.method, name="edit_method"),
    path("add/<str:part_kind>/", editing.add, name="edit_add"),
    path("part/<str:part_kind>/<code:part>/", editing.part, name="edit_part"),
    path("indicator/<code:indicator>/", editing.indicator, name="edit_indicator"),
    path("indicator/<code:indicator>/preview/", editing.preview, name="edit_preview"),
    path("profiles/", editing.add_profile, name="edit_add_profile"),
    path("profiles/<slug:profile>/", editing.profile, name="edit_profile"),
    path("trial/", publishing.trial, name="edit_trial"),
    path("move/", editing.move, name="edit_move"),
    path("remove/", editing.remove, name="edit_remove"),
    path("restore/", editing.restore, name="edit_restore"),
    path("publish/", publishing.publish, name="edit_publish"),
    path("delete/", publishing.delete, name="edit_delete"),
]

urlpatterns = [
    path("p/<pid:programme>/frameworks/", editing.frameworks, name="edit_frameworks"),
    path("p/<pid:programme>/frameworks/copy/", editing.copy, name="edit_copy"),
    path("p/<pid:programme>/frameworks/<pid:source>/next/", editing.begin, name="edit_next"),
    path("p/<pid:programme>/frameworks/<pid:draft>/", include(of_draft)),
    path("frameworks/", browse.shelf, name="list"),
    path("framework/import/", importing.begin, name="import"),
    path("framework/import/template/", exporting.template, name="import_template"),
    path("framework/import/<pid:upload>/", importing.look, name="import_look"),
    path(
        "framework/<slug:framework>/<edition:version>/download/<str:kind>/",
        exporting.download,
        name="download",
    ),
    path("framework/<slug:framework>/<edition:version>/", include(pages("edition_"))),
    path("framework/", include(pages())),
]
