"""Which warnings of a reading a person has still to look at."""

from dataclasses import dataclass

from diaban.plans.rules.warned import left_to_see, pointed


@dataclass
class Words:
    start: int
    end: int
    warned: bool = True
    decision: str = "waiting"
    kind: str = "duty"


def warning(start=None, end=None, message="Câu bị ngắt trang."):
    return {"message": message, "span": None if start is None else [start, end]}


def test_a_warning_is_settled_with_its_item():
    one, other = Words(0, 10, decision="confirmed"), Words(20, 30)

    found = pointed([warning(2, 5), warning(22, 25)], [one, other])

    assert [(each.item, each.settled) for each in found] == [(one, True), (other, False)]
    assert left_to_see(found) == 1


def test_a_warning_over_two_items_points_at_the_one_that_waits():
    one, other = Words(0, 10, decision="rejected"), Words(10, 20)

    (found,) = pointed([warning(5, 15)], [one, other])

    assert found.item is other
    assert not found.settled


def test_a_warning_of_the_whole_plan_is_settled_with_the_last_item():
    item = Words(0, 10, warned=False)
    assert left_to_see(pointed([warning()], [item])) == 1

    item.decision = "confirmed"

    assert left_to_see(pointed([warning()], [item])) == 0


def test_a_duty_without_a_body_counts_once_and_only_while_it_waits():
    bodiless, touched, target = Words(0, 10), Words(20, 30), Words(40, 50, kind="target")

    found = pointed([warning(21, 22)], [bodiless, touched, target])

    assert [(each.message, each.item) for each in found] == [
        ("Câu bị ngắt trang.", touched),
        ("", bodiless),
    ]
    bodiless.decision = "confirmed"
    assert left_to_see(pointed([], [bodiless])) == 0
