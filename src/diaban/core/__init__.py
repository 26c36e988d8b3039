"""
What every module may rest on and none may redefine: refusals, periods, exact numbers, texts.

No tables and no domain noun live here. Words: a *refusal* is a `DomainError`; a *period* is a
labelled span of days; a *value* is a number that was reported, in one of four states.
"""
