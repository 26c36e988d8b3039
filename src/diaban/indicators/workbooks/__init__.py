"""
A return as an Excel workbook: the template that goes out, and the filled one that comes back.

`contents` reads a file that anybody may have made and runs in a process of its own (`bounded`);
`forms` says which sheet holds what; `writing` and `reading` translate between a return's cells
and the workbook. None of them touches the database; `diaban.indicators.imports` does.
"""
