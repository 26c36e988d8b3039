# ruff: noqa: E402 - the tables are there only after the setup
"""
Kill -9 after every single statement of an act, and compare all rows before and after.

Run as a script in an installation of its own; prints one line of JSON: by act, how many times it
was killed, and after how many of them a row was different.
"""

import json
import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, connections

from diaban.accounts.rules import Role
from diaban.accounts.selectors import local_administrator
from diaban.areas.hamlets import hand_in_list
from diaban.areas.models import Area, Change
from diaban.areas.reorganising import publish_change, undo_change
from diaban.areas.rules.hamlet_lists import Row
from diaban.audit.checks import CHECKS as AUDIT_CHECKS
from diaban.core.checks import outcome
from tests.areas.test_reorganising import TAKE_IN, draft
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, TODAY, build_village, make_user

LABELS = ("areas", "accounts", "agencies", "indicators", "audit", "plans")


def rows() -> dict[str, str]:
    """Return every row of every table, as text."""
    found = {
        model._meta.label: serializers.serialize("json", model._default_manager.order_by("pk"))
        for label in LABELS
        for model in apps.get_app_config(label).get_models()
    }
    connections.close_all()
    return found


class Killer:
    """Ends its own process after so many statements."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, *given: Any) -> Any:
        answer = execute(*given)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def killed(act: Any, after: int) -> bool:
    """Do an act in a process that dies after so many statements; tell whether it came to that."""
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(after)):
                act()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(3)
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the act itself failed")
    return os.WIFSIGNALED(status)


def main() -> None:
    """Kill three acts after each of their statements."""
    call_command("migrate", verbosity=0)
    village = build_village()
    save(village, village.lan, "98001", typed_for(village), submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    make_user("truong", "Trưởng thôn", Role.HAMLET_HEAD, village.hamlets["98002"][0])
    admin = local_administrator(TODAY)
    key = draft(admin, TAKE_IN).pk
    commune = Area.objects.get(code="98002")
    listed = [
        Row(2, "98002.001", "thôn", "Mới tên"),
        Row(3, "98002.002", "thôn", "Thượng 2", "98002.001"),
        Row(4, "", "thôn", "Thêm"),
    ]
    acts = {
        "publish": lambda: publish_change(actor=admin, change_id=key, at=NOW),
        "undo": lambda: undo_change(actor=admin, change_id=key, at=NOW, reason="thử"),
        "hamlets": lambda: hand_in_list(
            actor=admin, commune=commune, rows=listed, on_day=TODAY, at=NOW
        ),
    }
    told = {}
    for name, act in acts.items():
        before, kills, torn = rows(), 0, 0
        while killed(act, kills + 1):
            kills += 1
            torn += rows() != before
        broken = [one for check in AUDIT_CHECKS for one in outcome(check).examples]
        changed = rows() != before
        told[name] = {"kills": kills, "torn": torn, "whole": changed and not broken}
    told["state"] = Change.objects.get(pk=key).state
    print(json.dumps(told))


if __name__ == "__main__":
    main()
