"""`diaban agencies`."""

import json

import pytest
import time_machine
from click.testing import CliRunner

from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.agencies.services import BadAgency
from diaban.cli.agencies import BadHeir, command
from tests.village import NOW, START

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bodies(village):
    return [
        Agency.objects.create(
            code=code, name=name, kind=Kind.DEPARTMENT, area=village.province, valid_from=START
        )
        for code, name in (("khdt", "Sở Kế hoạch và Đầu tư"), ("tc", "Sở Tài chính"))
    ]


def run(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


def test_a_body_is_renamed_and_listed_under_the_name_of_the_day(bodies):
    done = run("rename", bodies[1].pk, "Sở Tài chính và Kế hoạch", "--on", "2026-12-01",
               "--basis", "QĐ 1")  # fmt: skip

    assert done.stdout == "Sở Tài chính và Kế hoạch từ 01/12/2026.\n"
    then, now = (
        [
            one["name"]
            for one in json.loads(run("list", "--area", "98", "--on", day, "--json").stdout)
        ]
        for day in ("2026-11-30", "2026-12-01")
    )
    assert "Sở Tài chính" in then
    assert "Sở Tài chính và Kế hoạch" in now


def test_work_is_passed_on_and_shown(bodies):
    old, new = bodies
    done = run("pass-on", old.pk, "--to", new.pk, "--on", "2026-12-01", "--basis", "QĐ 1")

    assert done.stdout == "Sở Kế hoạch và Đầu tư kết thúc từ 01/12/2026.\n"
    assert "       → Sở Tài chính\n" in run("list", "--area", "98").stdout


def test_the_built_in_table_is_applied(bodies):
    assert run("apply", "--area", "98").stdout == "Sở Kế hoạch và Đầu tư → Sở Tài chính\n"
    assert run("apply", "--area", "98").stdout == ""


@pytest.mark.parametrize(("heir", "refusal"), [("abc", BadHeir), ("0=a", BadAgency)])
def test_an_heir_that_cannot_be_is_refused(bodies, heir, refusal):
    with pytest.raises(refusal):
        run("pass-on", bodies[0].pk, "--to", heir, "--on", "2026-12-01", "--basis", "QĐ 1")

    bodies[0].refresh_from_db()
    assert bodies[0].valid_to is None
