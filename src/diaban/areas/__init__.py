"""
Administrative units of today and of the past, and the tree they form on a given day.

Words: an *area* (địa bàn, đơn vị hành chính) is one unit for one life span; a *name* of an area
is its name and type word for a span of days; a *boundary version* (phiên bản địa giới) is the
tree between two days, numbered by nested intervals; a *placement* is the place of an area in
one version; a *succession* says which area became which.

Legal source: Nghị quyết 202/2025/QH15 and 203/2025/QH15, Nghị quyết 1654 to 1687/NQ-UBTVQH15,
and what followed; see `data/SOURCES.md`.
"""
