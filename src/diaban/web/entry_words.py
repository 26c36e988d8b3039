"""The words of a return on a page, in the language of the page."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from diaban.core.periods import Period
from diaban.indicators.models import FormVersion
from diaban.indicators.rules.campaigns import CampaignPeriod
from diaban.indicators.rules.catalogue import Indicator, builtin_catalogue
from diaban.indicators.rules.entry import Column
from diaban.indicators.rules.returns import STATE_NAMES, State
from diaban.indicators.selectors import return_title
from diaban.web.frames import in_sentence
from diaban.web.language import is_english


def saved_at(at: datetime) -> str:
    """Return when something was saved: the time of day, with the date unless that is today."""
    there = timezone.localtime(at)
    told = {"at": f"{there:%H:%M:%S}", "day": f"{there:%d/%m/%Y}"}
    if there.date() == timezone.localdate():
        return _("Đã lưu lúc %(at)s") % told
    return _("Đã lưu lúc %(at)s ngày %(day)s") % told


def title_of(version: FormVersion, period: Period) -> str:
    """Return what stands above a return; the name of a campaign is as its office wrote it."""
    if not is_english() or isinstance(period, CampaignPeriod):
        return return_title(version, period)
    return f"Figures of {in_sentence(period)}"


def state_name(state: State) -> str:
    """Return the name of a state."""
    return _(STATE_NAMES[state])


def indicator_name(code: str) -> str:
    """Return the full name of an indicator; of one that the catalogue has not, its code."""
    catalogue = builtin_catalogue()
    return _name(catalogue[code]) if code in catalogue else code


def column_name(column: Column) -> str:
    """Return the full name of a column."""
    return indicator_name(column.code)


def short_name(code: str) -> str:
    """Return the name of an indicator as it stands inside a sentence."""
    name = indicator_name(code)
    return name[:1].lower() + name[1:]


def head_of(version: FormVersion, column: Column) -> str:
    """Return what stands above a column of the grid."""
    short = version.heads.get(column.code)
    return _(short) if short else column_name(column)


def unit_of(code: str) -> str:
    """Return the unit of an indicator."""
    indicator = builtin_catalogue()[code]
    return _(indicator.unit_vi) if is_english() else indicator.unit_vi


def _name(indicator: Indicator) -> str:
    return indicator.name_en if is_english() else indicator.name_vi
