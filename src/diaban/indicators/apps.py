"""The indicators app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Forms, returns and kept totals."""

    name = "diaban.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for reorganisations and hamlets; tell the morning's mail of returns."""
        from diaban.core.letters import register
        from diaban.indicators import hamlet_rows, reorganisation  # noqa: F401
        from diaban.indicators.reminders import ReturnNews

        register(ReturnNews())
