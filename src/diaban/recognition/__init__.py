"""
Which areas meet which criteria, why not, and what the law calls them.

Words: a *criteria set* is a legal text as data, with issuer, date and a source for every
criterion; an *assessment* is one area held against one set for one period; a *class* is a rank
that a set gives (drug-free, type 1–3); a *reading* is one of two ways to understand the bands
of a class.

Three-valued throughout: a criterion is met, not met, or cannot be told because a figure is
missing or impossible. Exact throughout: whole numbers, decimals and fractions only.

Source: Quyết định 28/2025/QĐ-TTg; plans of the localities (data/*.toml name each).
"""
