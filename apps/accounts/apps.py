"""Listen to what the sign-in library tells, once the models are there."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        from apps.accounts import adapters

        adapters.listen()
