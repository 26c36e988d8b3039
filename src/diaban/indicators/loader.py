"""Bringing the built-in forms into the database."""

from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.period_forms import builtin_forms
from diaban.indicators.rules.splits import with_parts


def load_forms() -> int:
    """
    Add the form versions of `data/forms.toml` that are not there yet; return how many.

    A version that is there is left alone: returns may hang on it.
    """
    catalogue = builtin_catalogue()
    there = set(FormVersion.objects.values_list("code", "number"))
    missing = [
        FormVersion(
            code=form["code"],
            number=form["number"],
            name=form["name"],
            period_kind=form["period_kind"],
            sections=[
                [part["title"], with_parts(part["codes"], form.get("split", {}), catalogue)]
                for part in form["section"]
            ],
            hamlet_codes=with_parts(form["hamlet"], form.get("split", {}), catalogue),
            heads=form.get("heads", {}),
            due_days=form["due_days"],
            source=form["source"],
            valid_from=form["valid_from"],
            valid_to=form.get("valid_to"),
        )
        for form in builtin_forms()
        if (form["code"], form["number"]) not in there
    ]
    FormVersion.objects.bulk_create(missing)
    return len(missing)
