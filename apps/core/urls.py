"""Health and the style guide."""

from django.urls import path

from apps.core import views

app_name = "core"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/belay-keys.json", views.keys, name="keys"),
    path(".well-known/belay-pdf-certificates.pem", views.pdf_certificates, name="pdf_certificates"),
    path("schemas/score.schema.json", views.result_schema, name="result_schema"),
    path("style-guide/", views.style_guide, name="style_guide"),
]
