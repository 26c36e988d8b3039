"""
Sample data: an invented province with a year of figures, people and plans to try things on.

Tỉnh Sông Lam is not on any map. Its names, figures and office-holders are made up; codes begin
with 99, which the statistics office gives to nobody. The same seed and the same day give the
same data, down to the last figure.
"""
