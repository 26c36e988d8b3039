"""
Who did what, where and when, as a chain in which every entry seals the one before it.

An entry names the actor, the action, the thing and the area; it never holds a value of a case
or the text of a document.
"""
