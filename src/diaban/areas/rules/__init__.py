"""
What is true of administrative units whatever the database says: levels and their type words,
spans of days, the numbering of a tree, and how a typed name is matched. No Django.
"""
