"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users and role holdings."""

    name = "diaban.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for reorganisations and for changes of hamlets."""
        from diaban.accounts import hamlet_roles, reorganisation  # noqa: F401
