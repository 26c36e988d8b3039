"""
Bodies that owe or receive duties: police, departments, courts, unions, people's committees.

A body has a level and an area. Courts, prosecution and the Front are *requested*, never
ordered: such a body is never in a table of who is late (`design: ordered / requested`).
"""
