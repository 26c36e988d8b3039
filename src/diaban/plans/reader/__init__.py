"""
The plan reader: from the bytes of one document to what it obliges whom to do, by when.

The way of a document: `sources` (bytes to raw text), `lines` (raw text to the printed text, one
paragraph a line), `segments` (several plans in one file), `outline` (headings and numbering), then
one module for each kind of item. `documents.read_document` is the only entry. Nothing is invented:
every item carries the words it came from and where they stand in the printed text.

Pure: no Django, no network, no clock.
"""
