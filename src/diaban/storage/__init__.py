"""Ways to the database that every module may use; no table and no noun of the domain here."""
