"""
The rules of assessment, without database or clock.

`formulas` a criterion as data · `engine` what it comes to · `reasons` why, in a sentence ·
`sets`, `set_files` the criteria sets · `assessment` an area against a set · `classes` its rank ·
`columns` the same for many areas at once · `tables`, `table_files` figures from a CSV or XLSX
file.
"""
