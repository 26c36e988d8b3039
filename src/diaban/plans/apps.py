"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plan documents and what was read in them."""

    name = "diaban.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for reorganisations and their undoing."""
        from diaban.plans import reorganisation, undoing  # noqa: F401
