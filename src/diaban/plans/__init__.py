"""
Plans: the document that an area signed, and the programme that follows from it.

`reader/` turns a document into values and knows neither the database nor the web. Duties,
targets and the reporting calendar are built from those values after a person has confirmed them.
"""
