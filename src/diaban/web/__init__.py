"""
The pages: translate between people and the modules, decide nothing.

A page is a view that makes one call downwards and a template below `templates/web/`. The look
(tokens, parts, keyboard) is in `static/diaban/` and `templates/cotton/`; the packages it rests on
are copied into `static/vendor/` by `tools/vendor_assets.mjs`. Texts are written in Vietnamese,
`locale/en` holds the English ones.
"""
