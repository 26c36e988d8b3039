"""The areas app."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Administrative units with a history."""

    name = "diaban.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let groups and other hierarchies follow reorganisations."""
        from diaban.areas import charges, following  # noqa: F401
