"""The indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Forms, returns and kept totals."""

    name = "diaban.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for reorganisations."""
        from diaban.indicators import reorganisation  # noqa: F401
