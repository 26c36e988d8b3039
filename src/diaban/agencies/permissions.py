"""Names of what can be done with bodies; who holds them is in `accounts.rules`."""

KEEP_AGENCIES = "agencies.keep"
