"""The indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Forms, returns and kept totals."""

    name = "diaban.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for reorganisations and for changes of hamlets."""
        from diaban.indicators import hamlet_rows, reorganisation  # noqa: F401
