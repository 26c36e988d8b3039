"""Names of what can be done to the map; who holds them is in `accounts.rules`."""

REORGANISE = "areas.reorganise"
EDIT_GROUP = "areas.edit_group"
