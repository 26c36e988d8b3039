"""The agencies app."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Bodies and their areas."""

    name = "diaban.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"
