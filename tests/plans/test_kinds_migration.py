"""Bodies that were classed by an older rule are put right once."""

from importlib import import_module

import pytest
from django.apps import apps

from diaban.agencies.models import Agency
from diaban.plans.models import Share
from tests.village import START

pytestmark = pytest.mark.django_db

class_again = import_module("diaban.plans.migrations.0004_departments_are_no_unions").class_again


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sở Lao động - Thương binh và Xã hội", "department"),
        ("Phòng Văn hóa - Xã hội", "department"),
        ("Bảo hiểm xã hội khu vực", "department"),
        ("Ban Văn hóa - Xã hội", "department"),
        ("Hội Liên hiệp Phụ nữ tỉnh", "union"),
        ("Tỉnh đoàn", "union"),
        ("Các tổ chức chính trị - xã hội", "union"),
        ("Câu lạc bộ Hưu trí", "union"),
    ],
)
def test_a_department_named_for_society_is_no_association(village, name, kind):
    body = Agency.objects.create(
        code="x", name=name, kind="union", area=village.province, valid_from=START
    )

    class_again(apps, None)

    body.refresh_from_db()
    assert body.kind == kind


def test_what_it_owes_counts_as_overdue_again(village, published):
    share = Share.objects.filter(agency__name="Sở Y tế").first()
    other = Share.objects.filter(agency__name__contains="Tòa án").first()
    Agency.objects.filter(pk=share.agency_id).update(kind="union", name="Sở Lao động và Xã hội")
    Share.objects.filter(pk=share.pk).update(requested=True)

    class_again(apps, None)

    share.refresh_from_db()
    other.refresh_from_db()
    assert not share.requested
    assert other.requested
