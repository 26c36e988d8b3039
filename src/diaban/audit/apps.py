"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Entries of the audit chain."""

    name = "diaban.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
