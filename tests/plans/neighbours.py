"""Addresses of plans and duties that belong to somebody: Thu tries each of Lan's."""

# Method, page, and whether it is about the plan, an item of it, a share, or its evidence.
THEIRS = (
    ("get", "programme", "plan"),
    ("get", "withdraw-plan", "plan"),
    ("post", "withdraw-plan", "plan"),
    ("get", "publish-plan", "plan"),
    ("post", "publish-plan", "plan"),
    ("post", "link-plan", "plan"),
    ("get", "tie-target", "target"),
    ("post", "tie-target", "target"),
    ("get", "plan-group", "group"),
    ("post", "plan-group", "group"),
    ("get", "programme-paper", "paper"),
    ("get", "add-item", "plan"),
    ("post", "undo-item", "plan"),
    ("post", "confirm-item", "item"),
    ("post", "reject-item", "item"),
    ("get", "edit-item", "item"),
    ("post", "edit-item", "item"),
    ("get", "split-item", "item"),
    ("get", "merge-item", "item"),
    ("get", "agencies", "bodies"),
    ("get", "agency", "body"),
    ("post", "agency", "body"),
    ("get", "duty", "share"),
    ("post", "report-duty", "share"),
    ("post", "extend-duty", "share"),
    ("post", "reopen-duty", "share"),
    ("post", "duty-dates", "share"),
    ("get", "evidence", "evidence"),
)
# What everybody has for themselves: lists that start from what they may see.
OWN = {
    "home-agencies",
    "duties",
    "timeline",
    "remind",
    "save-view",
    "feeds",
    "feed",
    "export-duties",
}
