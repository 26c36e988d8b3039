"""What holds about plans and duties without a database: words, values, dates, standings."""
