"""How good figures are: scores, answers to questions, reconciliation."""

from django.db import models

from diaban.areas.models import Area
from diaban.indicators.models.returns import Return
from diaban.indicators.rules.campaigns import LONGEST_LABEL


class ReturnQuality(models.Model):
    """
    What a return that counts gives to the four scores, and the questions that it raises.

    Derived: `key` names the signed document, last period's and the files of rules; a row whose
    key is another one is measured anew when somebody looks (`quality`).
    """

    of = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="quality")
    key = models.CharField(max_length=120)
    # {measure: [good, all]}
    tallies = models.JSONField()
    # [[measure, row, code, text], ...]
    causes = models.JSONField()
    # [[kind, at, {fact: text}, [facts that count people]], ...]
    signals = models.JSONField()
    first_sent_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.of_id} {self.key}"


class Answer(models.Model):
    """What a commune answered to one question about its figures; kept with the question."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="answers")
    period = models.CharField(max_length=LONGEST_LABEL)
    form = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    question = models.CharField(max_length=500)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "area", "kind"], name="answer_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.area_id}"


class Reconciliation(models.Model):
    """
    One commune's figures of a month beside the ledger and the police software.

    A signature holds for the `revision` and the sent return that it was given for; whatever
    changes either opens the reconciliation again.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="reconciliations")
    period = models.CharField(max_length=8)
    revision = models.PositiveIntegerField(default=0)
    # {side: {line: {value, on, source, by, at}}}
    counts = models.JSONField(default=dict)
    # {line: {text, by, at}}
    explanations = models.JSONField(default=dict)
    # {side: {by, at, sent}}; `sent`: when the return that was looked at had been sent.
    signatures = models.JSONField(default=dict)
    receipt = models.CharField(max_length=40, blank=True)
    client_key = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "area"], name="reconciliation_once_per_area_and_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area_id}"


class ReconciliationStep(models.Model):
    """A reconciliation as it stood after each act, with who and when."""

    of = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    counts = models.JSONField()
    explanations = models.JSONField()
    signatures = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="reconciliation_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"
