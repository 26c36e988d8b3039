"""What a commune's document comes to, by the same rules as in the product."""

import tomllib
from importlib.resources import files

from diaban.core.numbers import Value
from diaban.demo.figures import Document
from diaban.indicators.rules.aggregation import across_areas
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import decode


def monthly_form():
    """Return the codes that the commune and that each hamlet is asked for."""
    text = (files("diaban.indicators") / "data" / "forms.toml").read_text(encoding="utf-8")
    form = tomllib.loads(text)["form"][0]
    sections = [code for section in form.get("section", ()) for code in section["codes"]]
    return sections or form["commune"], form["hamlet"], form["due_days"]


def values_of(document: Document) -> dict[str, Value]:
    """Return the values of a commune: its own, and the sums of its hamlets."""
    catalogue = builtin_catalogue()
    commune, hamlet, _ = monthly_form()
    values = {code: decode(document["values"].get(code)) for code in commune}
    for code in hamlet:
        cells = [decode(row.get(code)) for row in document["hamlets"].values()]
        values[code] = across_areas(catalogue[code], cells)
    return values | {"hamlets": len(document["hamlets"])}
