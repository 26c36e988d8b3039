"""
Statements whose SQL is written once: what a save asks thousands of times in the days of a deadline.

Writing the SQL of a query takes Django several times as long as the database takes to answer it.
Meant for the few statements of a hot path; everything else stays with plain querysets.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)
Parameter = int | str | date

# What stands for a parameter while the SQL is written: values that no query has by itself.
_INTEGER: Final = 2_000_000_011
_TEXT: Final = "\x02{}\x03"


class Prepared(Generic[M]):
    """
    A queryset as a function of its parameters.

    `build` is called once for each connection, with a stand-in for every parameter; it may only
    compare them (`filter`), never compute with them. `kinds` are int, str or date, one a
    parameter; keys of related rows are given as int.
    """

    def __init__(self, build: Callable[..., models.QuerySet[M]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds

    def all(self, *given: Parameter) -> list[M]:
        """Return the rows for these parameters. Cost: one statement."""
        plans: dict[Any, _Plan] = connection.__dict__.setdefault("diaban_prepared", {})
        plan = plans.get(self)
        if plan is None:
            plan = plans[self] = _Plan(self._build(*self._stand_ins()), self._stand_ins())
        return plan.rows(given)

    def first(self, *given: Parameter) -> M | None:
        """Return the first row for these parameters, None when there is none."""
        found = self.all(*given)
        return found[0] if found else None

    def _stand_ins(self) -> list[Parameter]:
        made: dict[type, Callable[[int], Parameter]] = {
            int: lambda number: _INTEGER + number,
            str: _TEXT.format,
            date: lambda number: date(1, 1, 1 + number),
        }
        return [made[kind](number) for number, kind in enumerate(self._kinds)]


class _Plan:
    """The SQL of a queryset on one connection, and how its rows become objects."""

    def __init__(self, rows: models.QuerySet[Any], stand_ins: Sequence[Parameter]) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        self.sql, params = compiler.as_sql()
        # PostgreSQL's driver gives integers a class of its own, which is an int all the same.
        written = _written(stand_ins)
        self._slots = [
            written.index(one) if isinstance(one, int | str | date) and one in written else None
            for one in params
        ]
        lost = set(range(len(stand_ins))) - set(self._slots)
        if lost:
            raise ValueError(f"parameters {sorted(lost)} do not stand in {self.sql}")
        self._constants = params
        self._compiler = compiler
        info, select = compiler.klass_info, compiler.select
        self._converters = compiler.get_converters([one[0] for one in select])
        places = info["select_fields"]
        self._start, self._end = places[0], places[-1] + 1
        self._names = [one[0].target.attname for one in select[self._start : self._end]]
        self._model = info["model"]
        # The stubs are of a later Django than the product runs on.
        self._related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
        self._alias = connection.alias
        self._annotations = tuple(compiler.annotation_col_map.items())

    def rows(self, given: Sequence[Parameter]) -> list[Any]:
        given = _written(given)
        params = [
            constant if slot is None else given[slot]
            for slot, constant in zip(self._slots, self._constants, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            fetched = cursor.fetchall()
        return [self._object(row) for row in self._converted(fetched)]

    def _converted(self, rows: Sequence[Any]) -> Any:
        if not self._converters:
            return rows
        return self._compiler.apply_converters(rows, self._converters)

    def _object(self, row: Any) -> Any:
        made = self._model.from_db(self._alias, self._names, row[self._start : self._end])
        for related in self._related:
            related.populate(row, made)
        for name, place in self._annotations:
            setattr(made, name, row[place])
        return made


def _written(given: Sequence[Parameter]) -> list[Any]:
    """Return parameters as the database takes them: SQLite has no days, only text."""
    return [
        connection.ops.adapt_datefield_value(one) if one.__class__ is date else one for one in given
    ]


def _here() -> BaseDatabaseWrapper:
    """Return this thread's connection itself: every word to its proxy looks it up anew."""
    return connections[DEFAULT_DB_ALIAS]


def json_once(value: Any) -> Any:
    """Return what a JSON column is given for a value that two rows take, written once."""
    return connection.ops.adapt_json_value(value, None)


def insert(row: models.Model, written: Mapping[str, Any] | None = None) -> None:
    """
    Store a new row and give it its key.

    `written` holds by field what `json_once` made of its value. Cost: one statement; no signals
    are sent.
    """
    here = _here()
    sql = _insert_sql(type(row), here.vendor)
    with here.cursor() as cursor:
        cursor.execute(sql, _values(row, _ways(type(row)), here, written or {}))
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, here.alias


def upsert(rows: Sequence[models.Model], unique: Sequence[str], changed: Sequence[str]) -> None:
    """
    Store rows, or change the fields `changed` (none leaves them) of those that are there
    already by `unique`.

    Cost: one statement whatever the number of rows; keys are not filled in.
    """
    if not rows:
        return
    here, fields = _here(), _ways(type(rows[0]))
    sql = _upsert_sql(type(rows[0]), here.vendor, len(rows), tuple(unique), tuple(changed))
    with here.cursor() as cursor:
        cursor.execute(sql, [value for row in rows for value in _values(row, fields, here, {})])


def update(
    row: models.Model,
    fields: Sequence[str],
    guard: Mapping[str, int],
    written: Mapping[str, Any] | None = None,
) -> bool:
    """
    Write `fields` of a row if the stored one still has the values of `guard`.

    `written` holds by field what `json_once` made of its value. Return whether the row still
    was so. Cost: one statement; no signals are sent.
    """
    here = _here()
    sql = _update_sql(type(row), here.vendor, tuple(fields), tuple(guard))
    values = _values(row, fields, here, written or {})
    with here.cursor() as cursor:
        cursor.execute(sql, [*values, row.pk, *guard.values()])
        return bool(cursor.rowcount)


_Way = Callable[[models.Model, BaseDatabaseWrapper], Any]

# What a driver takes as it stands in the row: Django asks three fields before it says so.
_AS_THEY_ARE: Final = (models.ForeignKey, models.CharField, models.TextField, models.IntegerField)


@cache
def _ways(model: type[models.Model]) -> dict[str, _Way]:
    """Return by field, in the order of the columns, how its value is got out of a row."""
    return {field.name: _way(field) for field in _own_fields(model)}


def _own_fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _way(field: Any) -> _Way:
    if isinstance(field, _AS_THEY_ARE):
        get = attrgetter(field.attname)
        return lambda row, _here: get(row)
    if isinstance(field, models.JSONField) and not field.null:
        name, encoder = field.attname, field.encoder
        return lambda row, here: here.ops.adapt_json_value(getattr(row, name), encoder)
    return lambda row, here: field.get_db_prep_save(field.pre_save(row, True), here)


def _values(
    row: models.Model,
    fields: Iterable[str],
    here: BaseDatabaseWrapper,
    written: Mapping[str, Any],
) -> list[Any]:
    ways = _ways(type(row))
    return [written[name] if name in written else ways[name](row, here) for name in fields]


def _column(model: type[models.Model], name: str) -> str:
    own = {field.name: field.column for field in model._meta.concrete_fields}
    return connection.ops.quote_name(own[name] or name)


def _into(model: type[models.Model], rows: int) -> str:
    quote = connection.ops.quote_name
    fields = _own_fields(model)
    columns = ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([one] * rows)}"  # noqa: S608


# Names of columns come from the models, values are parameters.
@cache
def _insert_sql(model: type[models.Model], _vendor: str) -> str:
    return f"{_into(model, 1)} RETURNING {_column(model, 'id')}"


@cache
def _upsert_sql(
    model: type[models.Model],
    _vendor: str,
    rows: int,
    unique: tuple[str, ...],
    changed: tuple[str, ...],
) -> str:
    keys = ", ".join(_column(model, name) for name in unique)
    columns = [_column(model, name) for name in changed]
    news = ", ".join(f"{column} = excluded.{column}" for column in columns)
    then = f"DO UPDATE SET {news}" if news else "DO NOTHING"
    return f"{_into(model, rows)} ON CONFLICT ({keys}) {then}"


@cache
def _update_sql(
    model: type[models.Model], _vendor: str, fields: tuple[str, ...], guard: tuple[str, ...]
) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    news = ", ".join(f"{_column(model, name)} = %s" for name in fields)
    still = " AND ".join(f"{_column(model, name)} = %s" for name in ("id", *guard))
    return f"UPDATE {table} SET {news} WHERE {still}"  # noqa: S608
