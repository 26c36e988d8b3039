"""
What areas report: the catalogue of indicators, forms, returns, their approval and roll-up.

Words: an *indicator* is one thing that is counted; a *return* is one area's form for one
period; a *stock* is how many there are on the last day, a *flow* how many in the period. A
value is a number or one of three absences (`core.numbers`); nothing missing is read as zero.

Source: Nghị định 09/2019/NĐ-CP, Điều 12 (periods); the indicators follow Quyết định
28/2025/QĐ-TTg and the plans of the localities.
"""
