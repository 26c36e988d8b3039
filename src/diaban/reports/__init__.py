"""
Documents out: one file for each form.

A document is a DOCX template filled with values; the layout is that of Nghị định 30/2020/NĐ-CP.
Number, date and names are left blank: they are given by hand when the paper is signed.
"""
