"""What was read in a plan, and what people decided about it."""

from django.db import models

from diaban.plans.models.documents import Plan
from diaban.plans.rules.items import Decision, Kind


class PlanItem(models.Model):
    """
    One thing that a plan says.

    `read_value` is what was read and never changes (None for an item that a person added);
    `value` is what holds. `start` and `end` are the item's words in the document's text.
    `revision` grows with every decision, so that two people do not overwrite each other.
    `parts_of` and `merged_into` say what a split or a merger made of it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    ordinal = models.PositiveIntegerField()
    section = models.CharField(max_length=60, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    read_value = models.JSONField(null=True, blank=True)
    value = models.JSONField()
    warned = models.BooleanField(default=False)
    decision = models.CharField(
        max_length=10,
        choices=[(d.value, d.value) for d in Decision],
        default=Decision.WAITING.value,
    )
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    part_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, related_name="parts", null=True, blank=True
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="merged", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_item_decision_is_known",
                condition=models.Q(decision__in=[d.value for d in Decision]),
            ),
        ]
        indexes = [models.Index(fields=["plan", "kind", "start"], name="plan_item_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.section}"


class Change(models.Model):
    """
    One decision in the review of a plan, with what it takes to undo it.

    `before` holds, for each item that was changed, its decision, value and links; `after` its
    revision afterwards; `made` the keys of items that the decision made.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=10)
    at = models.DateTimeField()
    before = models.JSONField(default=list)
    after = models.JSONField(default=dict)
    made = models.JSONField(default=list)
    undone = models.BooleanField(default=False)
    client_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "client_key"],
                condition=~models.Q(client_key=""),
                name="plan_change_once",
            ),
        ]
        indexes = [models.Index(fields=["plan", "-id"], name="plan_change_latest")]

    def __str__(self) -> str:
        return f"{self.action} {self.at}"
