"""Who a command acts as: the local administrator, or a person with that person's rights."""

from typing import TYPE_CHECKING, ClassVar

import click

from diaban.core.errors import DomainError

if TYPE_CHECKING:
    from diaban.core.access import Actor

AS = click.option(
    "--as",
    "user",
    metavar="TÊN",
    help="Làm với quyền của tài khoản này (mặc định: quản trị tại máy chủ).",
)


class UnknownUser(DomainError):
    """No active account has this name. Facts: `user`."""

    code: ClassVar[str] = "unknown_user"


def acting(user: str | None) -> "Actor":
    """
    Return the actor of a command; `django_ready` was called before.

    Raises:
        UnknownUser: there is no such account, or it may no longer sign in.
    """
    from django.utils import timezone

    from diaban.accounts.models import User
    from diaban.accounts.selectors import actor_of, local_administrator

    today = timezone.localdate()
    if user is None:
        return local_administrator(today)
    found = User.objects.filter(username__iexact=user.strip(), is_active=True).first()
    if found is None:
        raise UnknownUser(f"Không có tài khoản “{user}” đang hoạt động.", user=user)
    return actor_of(found, today)
