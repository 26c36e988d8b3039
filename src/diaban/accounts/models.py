"""People and the roles they hold."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from diaban.accounts.rules import ROLE_NAMES, Role
from diaban.agencies.models import Agency
from diaban.areas.models import Area


class UserManager(BaseUserManager["User"]):
    """Finds people by user name, whatever the case in which it is typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user of that name."""
        return self.get(username__iexact=(username or "").strip())


class User(AbstractBaseUser):
    """
    Somebody who signs in for an office. `name` is the office as shown on the screen.

    `language` is the one last switched to on a page; mails are written in it.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    initials = models.CharField(max_length=3, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="vi")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A role held by a person in an area, or in an agency (and then in the agency's area)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="holdings")
    role = models.CharField(max_length=30, choices=[(r.value, n) for r, n in ROLE_NAMES.items()])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="holdings")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="holdings", null=True, blank=True
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="holding_span_runs_forward",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="holding_role_is_known",
                condition=Q(role__in=[role.value for role in Role]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.area_id}"
