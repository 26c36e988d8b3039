"""`python -m diaban` is `diaban`."""

from diaban.cli import main

main()
