"""The areas app."""

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Administrative units with a history."""

    name = "diaban.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"
