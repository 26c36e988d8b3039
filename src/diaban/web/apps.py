"""The Django application of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and views; no tables."""

    name = "diaban.web"
    label = "web"
